package io.zdmosc.mysql.control;

import io.zdmosc.mysql.shadow.Working.Names;
import io.zdmosc.mysql.sql.Sql;

/** The names of everything that a migration makes; each carries the migration's number. */
public final class MigrationNames {
  private MigrationNames() {}

  /**
   * The tables.
   *
   * <p>They stand beside the source, so that replication filters treat them like it. Only where the
   * new table has check constraints with names of their own, they stand in the control schema: on
   * MySQL such names belong to the database, not to the table, and cannot be changed later.
   */
  public static Names tables(long id, String schema, String table, boolean elsewhere) {
    String home = elsewhere ? ControlSchema.NAME : schema;
    return new Names(home, Sql.ours(id, table, "new"), home, Sql.ours(id, table, "old"));
  }

  /** The lease's lock. */
  static String lease(long id) {
    return "zdm_osc_" + id;
  }
}

package io.zdmosc.mysql.control;

import io.zdmosc.mysql.shadow.Working.Names;
import io.zdmosc.mysql.sql.Sql;

/** The names of everything that a migration makes; each carries the migration's number. */
public final class MigrationNames {
  private static final String RETIRED_PREFIX = "zdm_osc_";

  private MigrationNames() {}

  /** True for a database that a migration has made for its retired table alone. */
  static boolean isOwnDatabase(String schema, long id) {
    return schema.equals(RETIRED_PREFIX + id);
  }

  /**
   * The tables.
   *
   * <p>They stand beside the source, so that replication filters treat them like it. Only where the
   * new table has check constraints with names of their own, the shadow stands in the control
   * schema, and the retired table goes to a database of its own: on MySQL such names belong to the
   * database, not to the table, and cannot be changed later.
   */
  public static Names tables(long id, String schema, String table, boolean elsewhere) {
    return new Names(
        elsewhere ? ControlSchema.NAME : schema,
        Sql.ours(id, table, "new"),
        elsewhere ? RETIRED_PREFIX + id : schema,
        Sql.ours(id, table, "old"));
  }

  /** The temporary name of a trigger, which stands in the table's own database. */
  public static String trigger(long id, int number) {
    return "zdm" + id + "_trigger_" + number;
  }

  /** The name of what refuses writes while a trigger gets its name. */
  public static String guard(long id, int number) {
    return "zdm" + id + "_guard_" + number;
  }

  /** The name of a foreign key of the new table, or to it, until it can have its own. */
  public static String key(long id, int number) {
    return "zdm" + id + "_key_" + number;
  }

  /** The name of a foreign key to the old table as long as there is one to the new table too. */
  public static String oldKey(long id, int number) {
    return "zdm" + id + "_oldkey_" + number;
  }

  /** The name of a key's index meanwhile. */
  public static String keyIndex(long id, int number) {
    return "zdm" + id + "_keyindex_" + number;
  }

  /** The lock of the lease of an entry of the schedule. */
  static String entry(long id) {
    return "zdm_osc_entry_" + id;
  }

  /** The lease's lock. */
  static String lease(long id) {
    return "zdm_osc_" + id;
  }
}

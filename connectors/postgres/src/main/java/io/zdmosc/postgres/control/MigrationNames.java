package io.zdmosc.postgres.control;

import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.Sql;
import java.sql.SQLException;

/** The names of everything that a migration makes; each carries the migration's number. */
public final class MigrationNames {
  private MigrationNames() {}

  /** Ours: for the durable record, and for tables that must not be seen beside the user's. */
  public static final String CONTROL_SCHEMA = "zdm_osc";

  public static String shadow(long id, String table) {
    return Sql.ours(id, table, "new");
  }

  public static String retired(long id, String table) {
    return Sql.ours(id, table, "old");
  }

  public static String publication(long id) {
    return "zdm_osc_" + id;
  }

  /** Slots belong to the whole server, so the name tells the database too. */
  public static String slot(Session session, long id) throws SQLException {
    String database =
        session
            .text("SELECT oid::text FROM pg_database WHERE datname = current_database()")
            .orElseThrow();
    return "zdm_osc_" + database + "_" + id;
  }

  /** An index or sequence of ours, until it gets its final name. */
  public static String part(long id, String kind, int number) {
    return "zdm_" + id + "_" + kind + number;
  }

  /** A partition that goes on, until the swap. */
  public static String partition(long id, int number) {
    return part(id, "n", number);
  }

  /** A constraint that a default partition has until the swap. */
  public static String rest(long id) {
    return part(id, "d", 0);
  }

  /** A new view until the swap. */
  public static String newView(long id, int number) {
    return part(id, "v", number);
  }

  /** A view that another has taken the place of. */
  public static String retiredView(long id, int number) {
    return part(id, "w", number);
  }

  /** A pattern for the names of both. */
  static String viewsAside(long id) {
    return "^zdm_" + id + "_[vw][0-9]+$";
  }

  /** The schema in which the clause is tried; it never outlives a transaction. */
  public static String rehearsalSchema(int backendPid) {
    return "zdm_rehearsal_" + backendPid;
  }
}

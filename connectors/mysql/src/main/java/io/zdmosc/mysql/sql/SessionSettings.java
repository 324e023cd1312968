package io.zdmosc.mysql.sql;

import java.sql.SQLException;

/**
 * What every session of ours is set to, whatever the server's settings are.
 *
 * <p>Values travel as text between sessions, so how text is written is fixed here: UTF-8, also
 * where {@code init_connect} wants another character set, and UTC for points in time. READ
 * COMMITTED, since in it alone {@code INSERT ... SELECT} reads without locks. Time-outs that the
 * server may have set are lifted, since ours are bounded in their own ways. Nothing that belongs to
 * a table is hidden, and a definition means what it says.
 */
final class SessionSettings {
  private static final int LOCK_WAIT_SECONDS = 60;

  /** All rows; DEFAULT would be what the server has set for everybody. */
  private static final String NO_LIMIT = "18446744073709551615";

  private static final int GENERATED_KEYS = 80_030;

  private SessionSettings() {}

  static void apply(Session session) throws SQLException {
    boolean utf8 =
        session.test(
            "SELECT @@character_set_client = 'utf8mb4' AND @@character_set_connection = 'utf8mb4'"
                + " AND COALESCE(@@character_set_results, 'utf8mb4') = 'utf8mb4'");
    if (!utf8) {
      session.execute("SET NAMES utf8mb4");
    }
    String mode = session.text("SELECT @@GLOBAL.sql_mode").orElse("");
    session.execute(
        "SET SESSION sql_mode = "
            + Sql.literal(SqlMode.ours(mode, true))
            + ", time_zone = '+00:00', autocommit = 1, completion_type = 'NO_CHAIN'"
            + ", foreign_key_checks = 1, unique_checks = 1, sql_safe_updates = 0"
            + ", sql_big_selects = 1, sql_auto_is_null = 0, sql_select_limit = "
            + NO_LIMIT
            + ", wait_timeout = 28800, net_read_timeout = 600, net_write_timeout = 600"
            + ", lock_wait_timeout = "
            + LOCK_WAIT_SECONDS
            + (session.server().hasTimestampDefaultsOfSessions()
                ? ", explicit_defaults_for_timestamp = 1"
                : "")
            + (session.server().mariaDb() ? mariaDb() : mySql(session.server())));
    session.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
    session.execute("SET SESSION TRANSACTION READ WRITE");
  }

  private static String mySql(Server server) {
    return ", max_execution_time = 0"
        + (server.isMySqlSince(GENERATED_KEYS)
            ? ", show_gipk_in_create_table_and_information_schema = 1"
            : "");
  }

  private static String mariaDb() {
    return ", max_statement_time = 0, idle_transaction_timeout = 0"
        + ", idle_readonly_transaction_timeout = 0, idle_write_transaction_timeout = 0"
        + ", alter_algorithm = 'DEFAULT'";
  }
}

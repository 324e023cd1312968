package io.zdmosc.mysql.stream;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds settings by which a server leaves rows out of its binary log without a word: nobody could
 * tell later that they are missing.
 */
public final class LogFilters {
  private record Lists(List<String> only, List<String> never) {
    boolean leavesOut(String schema) {
      return never.contains(schema) || !only.isEmpty() && !only.contains(schema);
    }
  }

  private LogFilters() {}

  /** What keeps changes of this schema, or our own fences, out of the log. */
  public static List<Problem> problems(Session session, String schema) throws SQLException {
    List<Problem> problems = new ArrayList<>();
    boolean renamed = session.server().isMySqlSince(80_200);
    Lists lists =
        session
            .first(
                renamed ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS",
                row -> new Lists(names(row, "Binlog_Do_DB"), names(row, "Binlog_Ignore_DB")))
            .orElse(new Lists(List.of(), List.of()));
    for (String name : List.of(schema, FenceWriter.SCHEMA)) {
      if (lists.leavesOut(name)) {
        problems.add(
            new Problem(
                "binlog_do_db, binlog_ignore_db",
                "keep changes of database " + name + " out of the binary log",
                "Start the server without these options."));
      }
    }
    replica(session, problems);
    return problems;
  }

  /** On a replica, what it applies is in its own log only with log_replica_updates. */
  private static void replica(Session session, List<Problem> problems) throws SQLException {
    boolean newName = session.server().isMySqlSince(80_026);
    String variable = newName ? "log_replica_updates" : "log_slave_updates";
    String status = newName ? "SHOW REPLICA STATUS" : "SHOW SLAVE STATUS";
    boolean logged = session.test("SELECT @@GLOBAL." + variable);
    if (!logged && isReplica(session, status)) {
      problems.add(
          new Problem(
              variable,
              "is off on a replica: what it applies is not in its binary log",
              "Connect to the primary, or start the replica with --" + variable + "."));
    }
  }

  /** Without the right to ask, whether it is replicating now. */
  private static boolean isReplica(Session session, String status) throws SQLException {
    try {
      return session.first(status, row -> true).isPresent();
    } catch (SQLException e) {
      if (!Failures.isDenied(e)) {
        throw e;
      }
      return session
          .first("SHOW GLOBAL STATUS LIKE 'Slaves_running'", row -> row.getLong(2) > 0)
          .orElse(false);
    }
  }

  private static List<String> names(ResultSet row, String column) throws SQLException {
    String list = row.getString(column);
    return list == null || list.isEmpty() ? List.of() : Arrays.asList(list.split(","));
  }
}

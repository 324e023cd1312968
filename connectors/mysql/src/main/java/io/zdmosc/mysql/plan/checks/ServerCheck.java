package io.zdmosc.mysql.plan.checks;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.mysql.cutover.WriteLockCount;
import io.zdmosc.mysql.sql.Server;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.stream.LogFilters;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The server must write every change of a row into its binary log, whole and in order. */
public final class ServerCheck implements Check {
  private static final int MYSQL = 80_013;
  private static final int MARIADB = 100_600;

  @Override
  public List<Problem> run(CheckContext context) throws SQLException {
    Session session = context.session();
    List<Problem> problems = new ArrayList<>();
    version(session.server(), problems);
    if (!is(session, "log_bin", "ON")) {
      problems.add(
          new Problem(
              "log_bin",
              "is off: the server writes no binary log, so changes cannot be followed",
              "Start the server with --log-bin (on managed services: switch on backups)."));
      return problems;
    }
    require(session, "binlog_format", "ROW", "SET GLOBAL binlog_format = 'ROW'", problems);
    if (session.server().mariaDb()) {
      if (is(session, "wsrep_on", "ON")) {
        problems.add(
            new Problem(
                "wsrep_on",
                "is on: a Galera cluster knows neither LOCK TABLES nor named locks",
                "Use the cluster's own rolling schema upgrade."));
      }
      turns(session, problems);
    } else {
      require(
          session, "binlog_order_commits", "ON", "SET GLOBAL binlog_order_commits = ON", problems);
    }
    if (isReadOnly(session)) {
      problems.add(new Problem("server", "is read-only", "Connect to the primary."));
    }
    problems.addAll(LogFilters.problems(session, context.table().schema()));
    return problems;
  }

  /** There the names are exchanged by a statement that waits in a queue. */
  private static void turns(Session session, List<Problem> problems) throws SQLException {
    WriteLockCount.tooLow(session)
        .ifPresent(
            value ->
                problems.add(
                    new Problem(
                        WriteLockCount.VARIABLE,
                        "is "
                            + value
                            + ": the server may let writes pass the RENAME of the cut-over, which"
                            + " would be lost",
                        WriteLockCount.remedy() + ".")));
  }

  /** MariaDB knows more than one way of being so. */
  private static boolean isReadOnly(Session session) throws SQLException {
    return !is(session, "read_only", "OFF") || is(session, "innodb_read_only", "ON");
  }

  private static void version(Server server, List<Problem> problems) {
    boolean old = server.number() < (server.mariaDb() ? MARIADB : MYSQL);
    if (old) {
      problems.add(
          new Problem(
              "server version " + server.version(),
              "is too old",
              "MySQL 8.0.13 or MariaDB 10.6, or newer, is needed."));
    }
  }

  private static boolean is(Session session, String variable, String value) throws SQLException {
    return session.variable(variable).filter(value::equalsIgnoreCase).isPresent();
  }

  /** Servers that do not know the variable any more have only one way to go. */
  private static void require(
      Session session, String variable, String wanted, String remedy, List<Problem> problems)
      throws SQLException {
    String present = session.variable(variable).orElse(wanted);
    if (!present.equalsIgnoreCase(wanted)) {
      problems.add(
          new Problem(
              variable,
              "is " + present + ", but must be " + wanted + " to follow every change",
              remedy + "; sessions that are open keep what they have."));
    }
  }
}

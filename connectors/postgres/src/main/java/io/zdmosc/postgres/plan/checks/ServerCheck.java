package io.zdmosc.postgres.plan.checks;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The server must be able to stream changes: wal_level, free slots and senders, a primary. */
public final class ServerCheck implements Check {
  @Override
  public List<Problem> run(CheckContext context) throws SQLException {
    Session session = context.session();
    List<Problem> problems = new ArrayList<>();
    if (context.version() < 140000) {
      problems.add(
          new Problem(
              "server version " + context.version() / 10000,
              "is too old",
              "PostgreSQL 14 or newer is needed."));
    }
    if (session.test("SELECT pg_is_in_recovery()")) {
      problems.add(
          new Problem("server", "is a standby and cannot be written", "Connect to the primary."));
    }
    String walLevel = session.text("SELECT current_setting('wal_level')").orElse("");
    if (!walLevel.equals("logical")) {
      problems.add(
          new Problem(
              "wal_level",
              "is " + walLevel + ", so the server cannot stream changes",
              "ALTER SYSTEM SET wal_level = logical; then restart the server (on managed services:"
                  + " rds.logical_replication = 1, cloudsql.logical_decoding = on)."));
    }
    full(session, "max_replication_slots", "SELECT count(*) FROM pg_replication_slots", problems);
    full(session, "max_wal_senders", "SELECT count(*) FROM pg_stat_replication", problems);
    return problems;
  }

  private static void full(Session session, String setting, String used, List<Problem> problems)
      throws SQLException {
    boolean isFull =
        session.test("SELECT (" + used + ") >= current_setting('" + setting + "')::bigint");
    if (isFull) {
      problems.add(
          new Problem(
              setting,
              "is used up: one more is needed",
              "Drop a replication slot or end a sender that is not needed, or raise "
                  + setting
                  + " and restart the server."));
    }
  }
}

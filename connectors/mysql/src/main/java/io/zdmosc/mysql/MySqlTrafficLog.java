package io.zdmosc.mysql;

import io.zdmosc.engine.spi.TrafficLog;
import io.zdmosc.engine.traffic.TrafficSample;
import io.zdmosc.mysql.catalog.TableInfo;
import io.zdmosc.mysql.control.ControlRights;
import io.zdmosc.mysql.control.ControlSchema;
import io.zdmosc.mysql.plan.TableFinder;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Write rates by the global status for the server, and for the table by the performance schema or,
 * on a MariaDB with {@code userstat}, by the user statistics. Where there is neither, or it must
 * not be read, the table's own writes are unknown.
 */
final class MySqlTrafficLog implements TrafficLog {
  private static final String MYSQL =
      "SHOW GLOBAL STATUS WHERE Variable_name IN"
          + " ('Innodb_rows_inserted', 'Innodb_rows_updated', 'Innodb_rows_deleted')";

  /** MariaDB has no such counters of InnoDB; its handlers' do not count temporary tables. */
  private static final String MARIADB =
      "SHOW GLOBAL STATUS WHERE Variable_name IN"
          + " ('Handler_write', 'Handler_update', 'Handler_delete')";

  private static final String PERFORMANCE_SCHEMA =
      """
      SELECT COUNT_INSERT + COUNT_UPDATE + COUNT_DELETE
        FROM performance_schema.table_io_waits_summary_by_table
       WHERE OBJECT_TYPE = 'TABLE' AND OBJECT_SCHEMA = ? AND OBJECT_NAME = ?\
      """;
  private static final String USER_STATISTICS =
      """
      SELECT ROWS_CHANGED FROM information_schema.TABLE_STATISTICS
       WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?\
      """;

  private final SessionFactory sessions;
  private final TableInfo table;

  MySqlTrafficLog(SessionFactory sessions, String name) {
    this.sessions = sessions;
    try (Session session = sessions.open("traffic")) {
      this.table = TableFinder.find(session, name, new ArrayList<>());
      ControlSchema.create(session);
    } catch (SQLException e) {
      throw ControlRights.failure(sessions, "looking for the table", e);
    }
  }

  @Override
  public String table() {
    return table.sqlName();
  }

  @Override
  public TrafficSample sample() {
    try (Session session = sessions.open("traffic")) {
      long serverWrites =
          session.read(session.server().mariaDb() ? MARIADB : MYSQL, row -> row.getLong(2)).stream()
              .mapToLong(Long::longValue)
              .sum();
      TrafficSample sample = new TrafficSample(now(session), tableWrites(session), serverWrites);
      session.execute("DELETE FROM zdm_osc.traffic WHERE at < NOW(6) - INTERVAL 8 WEEK");
      session.update(
          "INSERT INTO zdm_osc.traffic VALUES (?, ?, FROM_UNIXTIME(?), ?, ?)",
          table.schema(),
          table.name(),
          sample.at().toEpochMilli() / 1000.0,
          sample.tableWrites(),
          sample.serverWrites());
      return sample;
    } catch (SQLException e) {
      throw ControlRights.failure(sessions, "reading the server's statistics", e);
    }
  }

  private static Instant now(Session session) throws SQLException {
    return session.first("SELECT UNIX_TIMESTAMP(NOW(3))", row -> instant(row.getDouble(1))).get();
  }

  private long tableWrites(Session session) throws SQLException {
    if (isOn(session, "performance_schema")) {
      return counter(session, PERFORMANCE_SCHEMA);
    }
    return isOn(session, "userstat") ? counter(session, USER_STATISTICS) : -1;
  }

  private static boolean isOn(Session session, String variable) throws SQLException {
    return session.variable(variable).filter(value -> value.equals("ON")).isPresent();
  }

  /** A table that nobody has used since the server's start is not listed. */
  private long counter(Session session, String sql) throws SQLException {
    try {
      return session.first(sql, row -> row.getLong(1), table.schema(), table.name()).orElse(0L);
    } catch (SQLException e) {
      if (Failures.isDenied(e)) {
        return -1;
      }
      throw e;
    }
  }

  @Override
  public List<TrafficSample> stored() {
    try (Session session = sessions.open("traffic")) {
      return session.query(
          "SELECT UNIX_TIMESTAMP(at), table_writes, server_writes FROM zdm_osc.traffic"
              + " WHERE table_schema = ? AND table_name = ? ORDER BY at",
          row -> new TrafficSample(instant(row.getDouble(1)), row.getLong(2), row.getLong(3)),
          table.schema(),
          table.name());
    } catch (SQLException e) {
      throw ControlRights.failure(sessions, "reading what was sampled", e);
    }
  }

  private static Instant instant(double epochSeconds) {
    return Instant.ofEpochMilli(Math.round(epochSeconds * 1000));
  }
}

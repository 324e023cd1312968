package io.zdmosc.postgres;

import io.zdmosc.engine.spi.TrafficLog;
import io.zdmosc.engine.traffic.TrafficSample;
import io.zdmosc.postgres.catalog.TableInfo;
import io.zdmosc.postgres.control.ControlRights;
import io.zdmosc.postgres.control.ControlSchema;
import io.zdmosc.postgres.plan.TableFinder;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.SessionFactory;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/** Write rates by the cumulative statistics; a partitioned table counts with its partitions. */
final class PgTrafficLog implements TrafficLog {
  private static final String COUNTERS =
      """
      SELECT clock_timestamp() AS at,
             (SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)
                FROM pg_stat_all_tables
               WHERE relid IN (SELECT ?::oid UNION SELECT relid FROM pg_partition_tree(?::oid::regclass)))
               AS table_writes,
             (SELECT sum(tup_inserted + tup_updated + tup_deleted) FROM pg_stat_database)
               AS server_writes\
      """;

  private final SessionFactory sessions;
  private final TableInfo table;

  PgTrafficLog(SessionFactory sessions, String name) {
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
      TrafficSample sample =
          session.query(COUNTERS, PgTrafficLog::read, table.oid(), table.oid()).get(0);
      session.update(
          "DELETE FROM zdm_osc.traffic WHERE at < clock_timestamp() - interval '8 weeks'");
      session.update(
          "INSERT INTO zdm_osc.traffic VALUES (?::oid, ?::timestamptz, ?::bigint, ?::bigint)",
          table.oid(),
          sample.at().toString(),
          sample.tableWrites(),
          sample.serverWrites());
      return sample;
    } catch (SQLException e) {
      throw ControlRights.failure(sessions, "reading the server's statistics", e);
    }
  }

  @Override
  public List<TrafficSample> stored() {
    try (Session session = sessions.open("traffic")) {
      return session.query(
          "SELECT at, table_writes, server_writes FROM zdm_osc.traffic"
              + " WHERE table_oid = ?::oid ORDER BY at",
          PgTrafficLog::read,
          table.oid());
    } catch (SQLException e) {
      throw ControlRights.failure(sessions, "reading what was sampled", e);
    }
  }

  private static TrafficSample read(ResultSet row) throws SQLException {
    return new TrafficSample(
        row.getObject("at", OffsetDateTime.class).toInstant(),
        row.getLong("table_writes"),
        row.getLong("server_writes"));
  }
}

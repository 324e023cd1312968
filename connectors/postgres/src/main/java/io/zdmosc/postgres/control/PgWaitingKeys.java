package io.zdmosc.postgres.control;

import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.WaitingKeys;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.Sql;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The keys that wait, in {@code zdm_osc.waiting_key}. */
public final class PgWaitingKeys implements WaitingKeys {
  private final Session session;
  private final long migrationId;

  /**
   * @param session its own, whose commits are durable
   */
  public PgWaitingKeys(Session session, long migrationId) {
    this.session = session;
    this.migrationId = migrationId;
  }

  @Override
  public Map<Long, Key> read() {
    Map<Long, Key> keys = new HashMap<>();
    try {
      session.query(
          "SELECT number, columns FROM zdm_osc.waiting_key WHERE migration_id = ?::bigint",
          row -> keys.put(row.getLong(1), Key.of((String[]) row.getArray(2).getArray())),
          migrationId);
      return keys;
    } catch (SQLException e) {
      throw Failures.failed("reading the keys whose rows wait", e);
    }
  }

  @Override
  public void add(Map<Long, Key> keys) {
    try {
      session.transaction(
          () -> {
            for (Map.Entry<Long, Key> each : keys.entrySet()) {
              session.update(
                  "INSERT INTO zdm_osc.waiting_key (migration_id, number, columns)"
                      + " VALUES (?::bigint, ?::bigint, ?::text[])",
                  migrationId,
                  each.getKey(),
                  Sql.array(each.getValue().columns()));
            }
            return null;
          });
    } catch (SQLException e) {
      throw Failures.failed("writing down the keys whose rows wait", e);
    }
  }

  @Override
  public void remove(Collection<Long> numbers) {
    try {
      session.update(
          "DELETE FROM zdm_osc.waiting_key WHERE migration_id = ?::bigint"
              + " AND number = ANY (?::bigint[])",
          migrationId,
          Sql.array(List.copyOf(numbers).stream().map(String::valueOf).toList()));
    } catch (SQLException e) {
      throw Failures.failed("striking out keys whose rows waited", e);
    }
  }

  @Override
  public void close() {
    session.close();
  }
}

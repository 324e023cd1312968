package io.zdmosc.mysql.control;

import io.zdmosc.engine.durable.RecordText;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.WaitingKeys;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * The keys that wait, in {@code zdm_osc.waiting_key}. The server's redo log keeps commits in their
 * order: where a crash loses a record, it has lost the place in the log that came after it too.
 */
public final class MySqlWaitingKeys implements WaitingKeys {
  private final Session session;
  private final long migrationId;

  /**
   * @param session its own
   */
  public MySqlWaitingKeys(Session session, long migrationId) {
    this.session = session;
    this.migrationId = migrationId;
  }

  @Override
  public Map<Long, Key> read() {
    Map<Long, Key> keys = new HashMap<>();
    try {
      session.query(
          "SELECT number, key_texts FROM zdm_osc.waiting_key WHERE migration_id = ?",
          row -> keys.put(row.getLong(1), Key.of(RecordText.readTexts(row.getString(2)))),
          migrationId);
      return keys;
    } catch (SQLException e) {
      throw Failures.failed("reading the keys whose rows wait", e);
    }
  }

  @Override
  public void add(Map<Long, Key> keys) {
    try {
      session.patientTransaction(
          () -> {
            for (Map.Entry<Long, Key> each : keys.entrySet()) {
              session.update(
                  "INSERT INTO zdm_osc.waiting_key (migration_id, number, key_texts)"
                      + " VALUES (?, ?, ?)",
                  migrationId,
                  each.getKey(),
                  RecordText.writeTexts(each.getValue().columns()));
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
      session.patientTransaction(
          () -> {
            for (long number : numbers) {
              session.update(
                  "DELETE FROM zdm_osc.waiting_key WHERE migration_id = ? AND number = ?",
                  migrationId,
                  number);
            }
            return null;
          });
    } catch (SQLException e) {
      throw Failures.failed("striking out keys whose rows waited", e);
    }
  }

  @Override
  public void close() {
    session.close();
  }
}

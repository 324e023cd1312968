package io.zdmosc.postgres.stream;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;

/**
 * The timeline of a server's log. A standby that is promoted begins a new one, so it tells whether
 * a server is still the one on which a change stream was opened.
 *
 * @param number as the names of the log's files begin
 */
public record Timeline(String number) {
  /** Of a server that is not in recovery. */
  public static Timeline of(Session session) throws SQLException {
    return new Timeline(
        session.text("SELECT left(pg_walfile_name(pg_current_wal_lsn()), 8)").orElseThrow());
  }

  /**
   * Makes sure that a slot that was opened on this timeline can be read further.
   *
   * <p>On another timeline it cannot, even if there is a slot of that name: one that is
   * synchronized to standbys may have been acknowledged further than what the standby had received
   * of the new table, so that changes would be missing.
   *
   * @throws MigrationFailedException when not, with the reason
   */
  public void requireSlot(Session session, String slot) throws SQLException {
    Timeline present = of(session);
    boolean there =
        session.test(
            "SELECT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = ?::text)", slot);
    if (!present.equals(this)) {
      throw MigrationFailedException.changesLost(
          "The server has failed over to another one since the migration began: its log is on"
              + " timeline "
              + present.words()
              + ", that of the change stream was on timeline "
              + words()
              + ". "
              + (there
                  ? "Replication slot "
                      + slot
                      + " was synchronized, but may be ahead of what this"
                      + " server has of the new table."
                  : "Replication slot " + slot + " is not here: slots are not copied to standbys."),
          "The source table is untouched.",
          "Run the migration again on this server.");
    }
    if (!there) {
      throw MigrationFailedException.changesLost(
          "Replication slot " + slot + " is gone, and with it the changes since it was last read.",
          "The source table is untouched.",
          "Run the migration again.");
    }
  }

  private String words() {
    return Long.toString(Long.parseLong(number, 16));
  }
}

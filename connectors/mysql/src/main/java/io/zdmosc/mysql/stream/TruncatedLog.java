package io.zdmosc.mysql.stream;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A file of the log ends within an event. So it is after the server has gone down with a disk that
 * was full: MariaDB leaves the file as it is, and begins the next one.
 *
 * <p>The event is at the very end, or its length would reach into what was written after it. A
 * transaction ends in the log with its commit, so the one that the event is of was not committed,
 * and was rolled back when the server came up. All that came later is in the files behind.
 */
final class TruncatedLog extends SQLException {
  private static final long serialVersionUID = 1L;

  private final transient MigrationFailedException failure;

  /**
   * @param failure what it is to the migration where no file follows
   */
  TruncatedLog(MigrationFailedException failure) {
    super(failure.getMessage(), failure);
    this.failure = failure;
  }

  /** Whether the server says that a file ends so. */
  static boolean isMeantBy(String words) {
    return words.contains("binlog truncated in the middle of event");
  }

  /**
   * Where the file behind that of a place begins.
   *
   * @throws MigrationFailedException when there is none
   */
  BinlogPosition next(Session session, BinlogPosition place) throws SQLException {
    Optional<BinlogPosition> next =
        session
            .read(
                "SHOW BINARY LOGS",
                row -> BinlogPosition.of(row.getString(1), BinlogPosition.FILE_START))
            .stream()
            .filter(file -> file.number() == place.number() + 1)
            .findFirst();
    return next.orElseThrow(() -> failure);
  }
}

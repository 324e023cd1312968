package io.zdmosc.postgres.stream;

import io.zdmosc.engine.spi.Position;
import org.postgresql.replication.LogSequenceNumber;

/**
 * A place in the write-ahead log.
 *
 * @param value in bytes since the log began
 */
public record Lsn(long value) implements Position {
  @Override
  public int compareTo(Position other) {
    return Long.compareUnsigned(value, ((Lsn) other).value);
  }

  public static Lsn parse(String text) {
    return new Lsn(LogSequenceNumber.valueOf(text).asLong());
  }

  public LogSequenceNumber toDriver() {
    return LogSequenceNumber.valueOf(value);
  }

  @Override
  public String toString() {
    return toDriver().asString();
  }
}

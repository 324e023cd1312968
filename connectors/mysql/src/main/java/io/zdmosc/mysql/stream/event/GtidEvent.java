package io.zdmosc.mysql.stream.event;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;

/**
 * What begins a transaction.
 *
 * @param gtid as the server writes it; empty for an anonymous transaction
 * @param committedAt by the server's clock; to the second where it does not say more
 */
public record GtidEvent(String gtid, Instant committedAt) {
  private static final int UUID_BYTES = 16;
  private static final int TIMESTAMP_BYTES = 7;
  private static final long ORIGINAL_FOLLOWS = 1L << 55;
  private static final int LOGICAL_TIMESTAMPS = 2;

  /** Reads one of the three kinds from behind its header. */
  public static GtidEvent read(EventHeader header, Bytes event) {
    return switch (header.type()) {
      case EventType.MARIADB_GTID -> mariadb(header, event);
      case EventType.GTID_TAGGED -> TaggedGtid.read(event);
      default -> mysql(header, event);
    };
  }

  private static GtidEvent mariadb(EventHeader header, Bytes event) {
    String sequence = Long.toUnsignedString(event.i64());
    long domain = event.u32();
    return new GtidEvent(
        domain + "-" + header.serverId() + "-" + sequence,
        Instant.ofEpochSecond(header.timestamp()));
  }

  private static GtidEvent mysql(EventHeader header, Bytes event) {
    event.skip(1); // flags
    byte[] uuid = event.bytes(UUID_BYTES);
    long number = event.i64();
    String gtid = header.type() == EventType.GTID ? uuid(uuid) + ":" + number : "";
    Instant committed = Instant.ofEpochSecond(header.timestamp());
    if (event.remaining() >= 17 + TIMESTAMP_BYTES && event.u8() == LOGICAL_TIMESTAMPS) {
      event.skip(16); // last committed and sequence number: for replicas
      long micros = event.unsigned(TIMESTAMP_BYTES) & ~ORIGINAL_FOLLOWS;
      committed = instant(micros);
    }
    return new GtidEvent(gtid, committed);
  }

  static Instant instant(long micros) {
    return Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1_000);
  }

  static String uuid(byte[] bytes) {
    String hex = HexFormat.of().formatHex(bytes);
    return String.join(
        "-",
        hex.substring(0, 8),
        hex.substring(8, 12),
        hex.substring(12, 16),
        hex.substring(16, 20),
        hex.substring(20));
  }

  /**
   * MySQL 8.3 and newer, for GTIDs with a tag: numbered fields, each number in as many bytes as its
   * first one tells.
   */
  private static final class TaggedGtid {
    private static final int FLAGS = 0;
    private static final int UUID = 1;
    private static final int NUMBER = 2;
    private static final int TAG = 3;
    private static final int LAST_COMMITTED = 4;
    private static final int SEQUENCE_NUMBER = 5;
    private static final int IMMEDIATE_COMMIT = 6;

    private TaggedGtid() {}

    static GtidEvent read(Bytes event) {
      unsigned(event); // version of the format
      unsigned(event); // length
      unsigned(event); // the last field that must be understood
      String uuid = "";
      String tag = "";
      long number = 0;
      while (event.remaining() > 0) {
        int field = (int) unsigned(event);
        switch (field) {
          case FLAGS -> unsigned(event);
          case UUID -> {
            byte[] bytes = new byte[UUID_BYTES];
            for (int i = 0; i < UUID_BYTES; i++) {
              bytes[i] = (byte) unsigned(event);
            }
            uuid = uuid(bytes);
          }
          case NUMBER -> number = signed(event);
          case TAG ->
              tag = new String(event.bytes((int) unsigned(event)), StandardCharsets.US_ASCII);
          case LAST_COMMITTED, SEQUENCE_NUMBER -> signed(event);
          case IMMEDIATE_COMMIT -> {
            return new GtidEvent(uuid + ":" + tag + ":" + number, instant(unsigned(event)));
          }
          default -> throw new IllegalStateException("unknown field " + field + " in a GTID");
        }
      }
      throw new IllegalStateException("a GTID event ends without a time");
    }

    /** The set bits at the low end of the first byte count the bytes that follow. */
    private static long unsigned(Bytes event) {
      int first = event.u8();
      int following = Integer.numberOfTrailingZeros(~first & 0x1FF);
      long rest = event.unsigned(following);
      if (following >= 7) {
        return rest;
      }
      return (long) first >>> following + 1 | rest << 7 - following;
    }

    /** The sign is the lowest bit. */
    private static long signed(Bytes event) {
      long value = unsigned(event);
      return (value & 1) == 0 ? value >>> 1 : ~(value >>> 1);
    }
  }
}

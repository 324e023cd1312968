package io.zdmosc.mysql.stream.event;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A statement in the log.
 *
 * @param database the session's default database; empty if it has none
 * @param sql the statement's text
 * @param quoting how its quotes are to be read
 * @param writtenDatabases the databases that it writes to, where the server says so
 */
public record QueryEvent(
    String database, String sql, Quoting quoting, Optional<List<String>> writtenDatabases) {
  private static final int SQL_MODE = 1;
  private static final int UPDATED_DATABASES = 12;
  private static final int TOO_MANY = 254;
  private static final int LOAD_QUERY_EXTRA = 13;

  /**
   * Reads one from behind its header.
   *
   * @param inflated gives the plain text of what is compressed
   */
  public static QueryEvent read(int type, Bytes event, Inflation inflated) {
    event.skip(8); // connection and execution time
    int databaseLength = event.u8();
    event.skip(2); // error code
    int statusLength = event.u16();
    if (type == EventType.EXECUTE_LOAD_QUERY) {
      event.skip(LOAD_QUERY_EXTRA);
    }
    Bytes status = new Bytes(event.buffer(), event.position(), event.position() + statusLength);
    event.skip(statusLength);
    String database = event.text(databaseLength);
    event.skip(1);
    Bytes text = type == EventType.MARIADB_QUERY_COMPRESSED ? inflated.of(event) : event;
    Status said = Status.read(status);
    return new QueryEvent(database, text(text), said.quoting(), said.writtenDatabases());
  }

  /** Decompresses the rest of an event. */
  @FunctionalInterface
  public interface Inflation {
    Bytes of(Bytes event);
  }

  /** Clients send other character sets than UTF-8 too; names in ASCII are the same in most. */
  private static String text(Bytes event) {
    byte[] bytes = event.bytes(event.remaining());
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }

  /**
   * What the variables of the event say, which are of different lengths. MySQL has the written
   * databases among them, MariaDB has not.
   */
  private record Status(Quoting quoting, Optional<List<String>> writtenDatabases) {
    static Status read(Bytes status) {
      Quoting quoting = Quoting.DEFAULT;
      while (status.remaining() > 0) {
        int variable = status.u8();
        switch (variable) {
          case SQL_MODE -> quoting = Quoting.of(status.i64());
          case 0, 4 -> status.skip(variable == 0 ? 4 : 6);
          case 9, 17 -> status.skip(8);
          case 2 -> status.skip(status.u8() + 1L);
          case 3, 10 -> status.skip(4);
          case 5, 6 -> status.skip(status.u8());
          case 7, 8, 18 -> status.skip(2);
          case 11 -> {
            status.skip(status.u8());
            status.skip(status.u8());
          }
          case 13 -> status.skip(3);
          case 16, 19, 20 -> status.skip(1);
          case UPDATED_DATABASES -> {
            return new Status(quoting, databases(status));
          }
          default -> {
            return new Status(quoting, Optional.empty());
          }
        }
      }
      return new Status(quoting, Optional.empty());
    }

    private static Optional<List<String>> databases(Bytes status) {
      int count = status.u8();
      if (count == TOO_MANY) {
        return Optional.empty();
      }
      List<String> names = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        names.add(status.textToZero());
      }
      return Optional.of(names);
    }
  }
}

package io.zdmosc.mysql.stream.event;

/** The numbers of those events that mean something to us. */
public final class EventType {
  public static final int QUERY = 2;
  public static final int STOP = 3;
  public static final int ROTATE = 4;
  public static final int FORMAT_DESCRIPTION = 15;
  public static final int XID = 16;
  public static final int EXECUTE_LOAD_QUERY = 18;
  public static final int TABLE_MAP = 19;
  public static final int WRITE_ROWS_V1 = 23;
  public static final int UPDATE_ROWS_V1 = 24;
  public static final int DELETE_ROWS_V1 = 25;
  public static final int INCIDENT = 26;
  public static final int HEARTBEAT = 27;
  public static final int WRITE_ROWS = 30;
  public static final int UPDATE_ROWS = 31;
  public static final int DELETE_ROWS = 32;
  public static final int GTID = 33;
  public static final int ANONYMOUS_GTID = 34;
  public static final int XA_PREPARE = 38;
  public static final int PARTIAL_UPDATE_ROWS = 39;
  public static final int TRANSACTION_PAYLOAD = 40;
  public static final int HEARTBEAT_V2 = 41;
  public static final int GTID_TAGGED = 42;
  public static final int MARIADB_GTID = 162;
  public static final int MARIADB_QUERY_COMPRESSED = 165;
  public static final int MARIADB_WRITE_ROWS_COMPRESSED_V1 = 166;
  public static final int MARIADB_UPDATE_ROWS_COMPRESSED_V1 = 167;
  public static final int MARIADB_DELETE_ROWS_COMPRESSED_V1 = 168;
  public static final int MARIADB_WRITE_ROWS_COMPRESSED = 169;
  public static final int MARIADB_UPDATE_ROWS_COMPRESSED = 170;
  public static final int MARIADB_DELETE_ROWS_COMPRESSED = 171;

  private EventType() {}

  /**
   * True for those that say nothing about rows: their own beginnings and ends, values for
   * statements, text for people, and what only replicas need.
   */
  public static boolean isHarmless(int type) {
    return switch (type) {
      case 5, 9, 13, 14, 17, 28, 29, 35, 36, 37, 160, 161, 163, 164 -> true;
      case STOP, HEARTBEAT, HEARTBEAT_V2 -> true;
      default -> false;
    };
  }

  /** True for events that carry rows. */
  public static boolean isRows(int type) {
    return type >= WRITE_ROWS_V1 && type <= DELETE_ROWS_V1
        || type >= WRITE_ROWS && type <= DELETE_ROWS
        || type == PARTIAL_UPDATE_ROWS
        || type >= MARIADB_WRITE_ROWS_COMPRESSED_V1 && type <= MARIADB_DELETE_ROWS_COMPRESSED;
  }
}

package io.zdmosc.mysql.stream;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.mysql.stream.event.Bytes;
import io.zdmosc.mysql.stream.event.Checksums;
import io.zdmosc.mysql.stream.event.EventHeader;
import io.zdmosc.mysql.stream.event.EventType;
import io.zdmosc.mysql.stream.event.GtidEvent;
import io.zdmosc.mysql.stream.event.QueryEvent;
import io.zdmosc.mysql.stream.event.TransactionPayload;
import io.zdmosc.mysql.stream.event.XaPrepareEvent;
import io.zdmosc.mysql.stream.event.Xid;
import io.zdmosc.mysql.stream.row.MariadbCompression;
import io.zdmosc.mysql.stream.row.StreamedTables;

/**
 * Reads the events of the binary log one after the other and says what they mean.
 *
 * <p>Row events of other tables are dropped by a look at the table's number, before anything of
 * them is decoded. What is unknown ends the stream, for it could be a change. Not thread-safe.
 */
final class LogReader {
  private static final int MARIADB_GTID_FLAGS = 12;
  private static final int STANDALONE = 1;
  private static final int PREPARED_XA = 64;

  private final StreamedTables tables;
  private final Transactions transactions;
  private final Statements statements;
  private final Checksums checksums;
  private final FileIdentity files;
  private final Inner inner = new Inner();
  private final EventHeader header = new EventHeader();
  private final Bytes event = new Bytes(new byte[0], 0, 0);
  private BinlogPosition position;
  private BinlogPosition eventBegin;

  /** True between the begin and the end of a transaction of several events. */
  private boolean begun;

  /**
   * @param position where the first event stands
   * @param checksums true when the server writes checksums at present
   */
  LogReader(
      BinlogPosition position,
      boolean checksums,
      FileIdentity files,
      StreamedTables tables,
      Transactions transactions,
      Statements statements) {
    this.position = position;
    this.eventBegin = position;
    this.checksums = new Checksums(checksums);
    this.files = files;
    this.tables = tables;
    this.transactions = transactions;
    this.statements = statements;
  }

  /** True when the event, of which this is the beginning, is of no interest whatever follows. */
  boolean isForeign(byte[] buffer, int begin, int end) {
    Bytes beginning = new Bytes(buffer, begin, end);
    EventHeader first = new EventHeader();
    first.read(beginning);
    return EventType.isRows(first.type()) && !tables.areRowsWanted(beginning);
  }

  /** Takes in one event. */
  void read(byte[] buffer, int begin, int end) {
    event.reset(buffer, begin, end);
    header.read(event);
    int contentEnd = checksums.check(header.type(), buffer, begin, end);
    event.reset(buffer, begin + EventHeader.LENGTH, contentEnd);
    advance();
    dispatch(header, event);
  }

  /** Takes in only the position of an event whose rest was not read. */
  void skip(byte[] buffer, int begin, int end) {
    event.reset(buffer, begin, end);
    header.read(event);
    advance();
  }

  /** The lower 32 bits that the event carries, and the upper ones of the event before. */
  private void advance() {
    eventBegin = position;
    if (header.logPos() == 0 || header.isArtificial() || isHeartbeat()) {
      return;
    }
    position = position.at(PositionWidening.widen(position.offset(), header.logPos()));
  }

  private boolean isHeartbeat() {
    return header.type() == EventType.HEARTBEAT || header.type() == EventType.HEARTBEAT_V2;
  }

  private void dispatch(EventHeader head, Bytes body) {
    int type = head.type();
    if (EventType.isRows(type)) {
      if (tables.areRowsWanted(body)) {
        tables.rows(type, body);
      }
      return;
    }
    switch (type) {
      case EventType.TABLE_MAP -> tables.announced(body);
      case EventType.GTID,
          EventType.ANONYMOUS_GTID,
          EventType.GTID_TAGGED,
          EventType.MARIADB_GTID ->
          begin(head, body);
      case EventType.QUERY, EventType.MARIADB_QUERY_COMPRESSED, EventType.EXECUTE_LOAD_QUERY ->
          query(QueryEvent.read(type, body, MariadbCompression::inflate));
      case EventType.XID -> end();
      case EventType.XA_PREPARE -> {
        transactions.prepared(XaPrepareEvent.read(body));
        end();
      }
      case EventType.TRANSACTION_PAYLOAD -> TransactionPayload.read(body, inner);
      case EventType.ROTATE -> rotate(body);
      case EventType.FORMAT_DESCRIPTION -> files.met(position.file(), head.timestamp());
      case EventType.INCIDENT -> throw statements.incident(position);
      default -> requireIgnorable(head);
    }
  }

  /** Takes events out of a compressed transaction: they have no place of their own in the file. */
  private final class Inner implements TransactionPayload.Sink {
    @Override
    public void event(byte[] buffer, int begin, int end) {
      Bytes body = new Bytes(buffer, begin, end);
      EventHeader head = new EventHeader();
      head.read(body);
      dispatch(head, body);
    }

    @Override
    public boolean isForeign(byte[] buffer, int begin, int end) {
      return LogReader.this.isForeign(buffer, begin, end);
    }
  }

  private void begin(EventHeader head, Bytes body) {
    int flags = head.type() == EventType.MARIADB_GTID ? body.peek(MARIADB_GTID_FLAGS) : STANDALONE;
    begun = (flags & STANDALONE) == 0;
    transactions.begin(GtidEvent.read(head, body), eventBegin);
    if ((flags & PREPARED_XA) != 0) {
      transactions.xaBegins();
    }
  }

  private void end() {
    begun = false;
    transactions.end(position);
  }

  private void query(QueryEvent query) {
    String sql = query.sql();
    if (sql.equals("BEGIN")) {
      begun = true;
    } else if (sql.equals("COMMIT") || sql.equals("ROLLBACK")) {
      end();
    } else if (sql.startsWith("XA ")) {
      xa(sql);
    } else {
      statements.judge(query, position);
      if (!begun) {
        end(); // a statement that is a transaction of its own
      }
    }
  }

  private void xa(String sql) {
    if (sql.startsWith("XA START")) {
      begun = true;
      transactions.xaBegins();
    } else if (sql.startsWith("XA COMMIT")) {
      transactions.xaCommitted(Xid.inStatement(sql), position);
      end();
    } else if (sql.startsWith("XA ROLLBACK")) {
      transactions.xaRolledBack(Xid.inStatement(sql));
      end();
    }
  }

  private void rotate(Bytes body) {
    long offset = body.i64();
    String file = body.text(body.remaining());
    tables.forget();
    begun = false;
    position = BinlogPosition.of(file, offset);
    transactions.end(position);
  }

  private static void requireIgnorable(EventHeader head) {
    if (!EventType.isHarmless(head.type()) && !head.isIgnorable()) {
      throw new MigrationFailedException(
          "The binary log holds an event of type "
              + head.type()
              + ", which this version does not know: it could be a change.",
          "The source table is untouched.",
          "See whether a newer version of zdm-osc knows it.");
    }
  }
}

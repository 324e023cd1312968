package io.zdmosc.mysql.stream;

import io.zdmosc.engine.concurrent.ThreadFailure;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.ChangeListener;
import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.Position;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.stream.event.EventSize;
import io.zdmosc.mysql.stream.row.StreamedTables;
import io.zdmosc.mysql.stream.row.TableName;
import io.zdmosc.mysql.stream.statement.StatementJudge;
import io.zdmosc.mysql.stream.wire.DumpRequest;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * Reads the binary log as a replica does, and decodes nothing of it but the keys of the source
 * table and our own fences.
 *
 * <p>When the connection is lost it is opened again, for two minutes, and the log goes on behind
 * the last whole transaction; what was read of an unfinished one comes again. Nothing is skipped:
 * what cannot be read, or is no longer there, is a failure.
 *
 * <p>What is acknowledged is written into the control schema, where the next process begins to
 * read. The server keeps its log by its own rules, whatever is acknowledged, but no server removes
 * the file that a connected reader is at.
 */
public final class BinlogStream implements ChangeStream {
  private static final Duration RECONNECT_FOR = Duration.ofMinutes(2);
  private static final long CLOSE_MILLIS = 5_000;
  private static final long RETRY_NANOS = 500_000_000;

  private final StreamSettings settings;
  private final FenceWriter fences;
  private final DurablePosition durable;
  private final UUID readerId = UUID.randomUUID();
  private final RandomGenerator random = RandomGenerator.getDefault();
  private final Thread thread = new Thread(this::run, "zdm-stream");
  private final FileIdentity files = new FileIdentity();
  private volatile boolean closed;
  private volatile boolean swapped;
  private volatile BinlogPosition neededFrom;
  private ChangeListener listener;
  private volatile Transactions transactions;

  private SourceColumns.Both columns;

  /** The last place to go on from that a request can name. */
  private BinlogPosition requestable;

  public BinlogStream(StreamSettings settings) {
    this.settings = settings;
    this.fences = new FenceWriter(settings.sessions(), settings.migrationId());
    this.requestable = settings.start().position();
    this.neededFrom = requestable;
    this.durable = new DurablePosition(settings.sessions(), settings.migrationId(), files);
    settings.start().begun().ifPresent(begun -> files.met(requestable.file(), begun));
  }

  @Override
  public void start(ChangeListener target) {
    listener = target;
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void acknowledge(Position position) {
    neededFrom = (BinlogPosition) position;
    durable.write(neededFrom);
  }

  /** What stands in the log before this place is applied, and not needed any more. */
  public BinlogPosition neededFrom() {
    return neededFrom;
  }

  /**
   * When the oldest of what is still needed was committed, by the server's clock; empty when
   * nothing of it has been read. Thread-safe.
   */
  public Optional<Instant> neededSince() {
    Transactions present = transactions;
    return present == null ? Optional.empty() : present.committedBehind(neededFrom);
  }

  @Override
  public void writeFence(String token) {
    fences.write(token);
  }

  /**
   * Changed keys of transactions that have come out of the log prepared, and have not ended. On
   * MariaDB such a transaction holds no metadata lock once its connection is gone. Thread-safe.
   */
  public int preparedKeys() {
    Transactions present = transactions;
    return present == null ? 0 : present.preparedKeys();
  }

  @Override
  public void close() {
    closed = true;
    try {
      // it looks up at each event, and a heartbeat is one; a dead connection is left to itself
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    fences.close();
    durable.close();
  }

  private void run() {
    try (XaWatch watch = new XaWatch(settings.sessions(), () -> closed)) {
      transactions =
          new Transactions(
              listener,
              () -> closed,
              watch::await,
              settings.start().position(),
              settings.start().readsFrom());
      readOn();
    } catch (SQLException e) {
      failed(lost(e));
    } catch (OutOfMemoryError e) {
      failed(EventSize.noRoom());
    } catch (RuntimeException | Error e) {
      failed(ThreadFailure.of(e));
    }
  }

  private void failed(RuntimeException failure) {
    if (!closed) {
      listener.onFailure(failure);
    }
  }

  private static MigrationFailedException lost(SQLException e) {
    String words = "The change stream broke off: " + e.getMessage();
    return isRefusal(e)
        ? Failures.failure(words, "Run the migration again.", e)
        : MigrationFailedException.passing(
            words, "The source table is untouched.", "Run the migration again.", e);
  }

  /** Reads until closed, over as many connections as it takes. */
  private void readOn() throws SQLException {
    long lostSince = 0;
    while (!isOver()) {
      BinlogPosition before = transactions.resume();
      try {
        readOver();
      } catch (TruncatedLog e) {
        goOnBehind(e);
      } catch (SQLException e) {
        if (isRefusal(e)) {
          throw e;
        }
        boolean moved = transactions.resume().compareTo(before) > 0;
        long now = System.nanoTime();
        if (lostSince == 0 || moved) {
          lostSince = now;
        } else if (now - lostSince > RECONNECT_FOR.toNanos()) {
          throw e;
        }
        if (!closed) {
          LockSupport.parkNanos(RETRY_NANOS);
        }
      }
    }
  }

  private void goOnBehind(TruncatedLog file) throws SQLException {
    try (Session session = settings.sessions().open("log files")) {
      requestable = file.next(session, transactions.resume());
      transactions.end(requestable);
    }
  }

  /** Rows behind the swap are of the other table, and may have keys of another type. */
  private boolean isOver() {
    return closed || swapped;
  }

  /** Wrong credentials or missing rights: another try would fare no better. */
  private static boolean isRefusal(SQLException e) {
    return e.getSQLState() != null
        && (e.getSQLState().startsWith("28") || e.getSQLState().startsWith("42"));
  }

  /** Reads over one connection until it is lost or the stream closed. */
  private void readOver() throws SQLException {
    try (DumpSession opened =
        new DumpSession(settings.sessions(), settings.start().server(), readerId)) {
      LogReader reader = reader(opened);
      opened.begin(requestable, ServerIds.choose(opened.session(), random));
      while (!isOver()) {
        opened.next(reader);
        if (transactions.resume().offset() < DumpRequest.OFFSET_LIMIT) {
          requestable = transactions.resume();
        }
      }
    }
  }

  private LogReader reader(DumpSession opened) throws SQLException {
    Session session = opened.session();
    if (columns == null) {
      columns = SourceColumns.read(session, settings);
    }
    boolean ignoreCase = session.test("SELECT @@lower_case_table_names");
    StatementJudge judge = new StatementJudge(settings.schema(), settings.table(), ignoreCase);
    return new LogReader(
        requestable,
        opened.hasChecksums(),
        files,
        new StreamedTables(List.of(source(), fences())),
        transactions,
        new Statements(
            judge,
            settings.schema() + "." + settings.table(),
            listener,
            settings.swap(),
            () -> swapped = true));
  }

  private StreamedTables.Streamed source() {
    return new StreamedTables.Streamed(
        new TableName(settings.schema(), settings.table()),
        columns.source(),
        (before, after) -> {
          Key old = before == null ? null : Key.of(before);
          Key present = after == null ? null : Key.of(after);
          if (present != null) {
            transactions.changed(present);
          }
          if (old != null && !old.equals(present)) {
            transactions.changed(old);
          }
        });
  }

  private StreamedTables.Streamed fences() {
    String own = Long.toString(settings.migrationId());
    return new StreamedTables.Streamed(
        new TableName(FenceWriter.SCHEMA, FenceWriter.TABLE),
        columns.fences(),
        (before, after) -> {
          if (after != null && after[0].equals(own) && !after[1].equals(FenceWriter.SETTLED)) {
            transactions.fence(after[1]);
          }
        });
  }
}

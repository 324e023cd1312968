package io.zdmosc.postgres.stream.debezium;

import io.debezium.embedded.Connect;
import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.spi.OffsetCommitPolicy;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.error.ZdmException;
import io.zdmosc.engine.spi.ChangeListener;
import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.engine.spi.Position;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.SessionFactory;
import io.zdmosc.postgres.stream.FenceWriter;
import io.zdmosc.postgres.stream.Lsn;
import io.zdmosc.postgres.stream.StreamSettings;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * The change stream through Debezium's embedded engine.
 *
 * <p>Guarantees, beyond those of {@link ChangeStream}:
 *
 * <ul>
 *   <li>A table whose keys Debezium might alter is refused by {@link #start}.
 *   <li>The slot confirms what {@link #acknowledge} was given and nothing later; it never confirms
 *       anything by itself.
 *   <li>The position of a transaction is the end of the commit before it, which is at or before the
 *       start of its own commit record.
 *   <li>A failure of any kind is reported once and ends the stream; nothing is tried again.
 *   <li>{@link #close} leaves the slot inactive.
 * </ul>
 */
public final class DebeziumChangeStream implements ChangeStream {
  private static final long CLOSE_PAUSE_MILLIS = 20;

  private final StreamSettings settings;
  private final FenceWriter fences;
  private final SlotGuard slot;
  private final Acknowledgement acknowledgement = new Acknowledgement();
  private final Thread thread = new Thread(this::run, "zdm-debezium");
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicBoolean failed = new AtomicBoolean();
  private ChangeListener listener;
  private volatile Delivery delivery;
  private volatile DebeziumEngine<ChangeEvent<SourceRecord, SourceRecord>> engine;

  public DebeziumChangeStream(StreamSettings settings) {
    this.settings = settings;
    this.fences = new FenceWriter(settings.sessions());
    this.slot = new SlotGuard(settings);
  }

  /**
   * Reasons against reading this table with Debezium, to be asked for before anything is made.
   *
   * @param publication the name of the publication; where it does not exist yet, all columns are
   *     taken to be published
   */
  public static List<Problem> problems(
      SessionFactory sessions,
      String schema,
      String table,
      List<String> keyColumns,
      String publication) {
    try (Session session = sessions.open("stream check")) {
      return KeyRules.problems(
          TableFacts.read(session, schema, table, keyColumns, publication),
          Locale.getDefault(Locale.Category.FORMAT));
    } catch (SQLException e) {
      throw Failures.failed("reading the catalog for the change stream", e);
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws RefusedException when {@link #problems} finds any
   */
  @Override
  public void start(ChangeListener target) {
    List<Problem> problems =
        problems(
            settings.sessions(),
            settings.schema(),
            settings.table(),
            settings.keyColumns(),
            settings.publication());
    if (!problems.isEmpty()) {
      throw new RefusedException(problems);
    }
    listener = target;
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void acknowledge(Position position) {
    acknowledgement.set((Lsn) position);
  }

  @Override
  public void writeFence(String token) {
    fences.write(token);
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    if (delivery != null) {
      delivery.stop();
    }
    try {
      while (thread.isAlive()) {
        closeEngine();
        thread.join(CLOSE_PAUSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    fences.close();
    slot.awaitReleased();
  }

  private void run() {
    try {
      Lsn confirmed = slot.awaitFree(closed::get);
      RecordReader reader = new RecordReader(settings.keyColumns(), confirmed, listener);
      delivery = new Delivery(slot, confirmed, listener, reader, acknowledgement);
      engine = engine(delivery);
      if (!closed.get()) {
        engine.run();
      }
    } catch (SQLException | RuntimeException | Error e) {
      fail(e);
    }
  }

  private DebeziumEngine<ChangeEvent<SourceRecord, SourceRecord>> engine(Delivery consumer)
      throws SQLException {
    return DebeziumEngine.create(Connect.class)
        .using(EngineSettings.of(settings, database()))
        .using(OffsetCommitPolicy.always())
        .using(this::completed)
        .notifying(consumer)
        .build();
  }

  private String database() throws SQLException {
    try (Session session = settings.sessions().open("stream")) {
      return session.text("SELECT current_database()").orElseThrow();
    }
  }

  private void completed(boolean success, String message, Throwable error) {
    if (error != null) {
      fail(error);
    } else {
      fail(new IllegalStateException("Debezium stopped: " + message));
    }
  }

  private void fail(Throwable error) {
    if (closed.get() || !failed.compareAndSet(false, true)) {
      return;
    }
    listener.onFailure(explained(error));
  }

  /** Our own errors as they are; of Debezium's the innermost, which says what happened. */
  private static RuntimeException explained(Throwable error) {
    Throwable innermost = error;
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof ZdmException ours) {
        return ours;
      }
      if (cause instanceof SQLException lost && Failures.isConnectionLoss(lost)) {
        return Failures.failure(
            "The change stream broke off: " + lost.getMessage(), "Run the migration again.", lost);
      }
      innermost = cause;
    }
    return new MigrationFailedException(
        "The change stream broke off: " + innermost.getMessage(),
        "The source table is untouched.",
        "Run the migration again.",
        error);
  }

  /** Debezium cannot be closed in every state, so this is called until its thread has ended. */
  private void closeEngine() throws InterruptedException {
    try {
      if (engine != null) {
        engine.close();
      }
    } catch (IOException | IllegalStateException e) {
      thread.join(CLOSE_PAUSE_MILLIS); // starting, or stopping already: asked again soon
    }
  }
}

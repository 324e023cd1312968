package io.zdmosc.cli.demo;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * An application that writes to the table all the time, on connections of its own, and remembers
 * every write that the server has acknowledged.
 */
final class Application implements AutoCloseable {
  private static final int WRITERS = 4;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(3);

  private final List<Connection> connections = new ArrayList<>();
  private final List<Writer> writers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private volatile boolean stopped;

  private Application() {}

  /** Connects, and begins to write. */
  static Application start(DemoServer server, long initialRows) throws SQLException {
    Application application = new Application();
    try {
      for (int i = 0; i < WRITERS; i++) {
        Connection connection = server.connect();
        application.connections.add(connection);
        application.writers.add(
            new Writer(i, connection, server.table(), new Ledger(i, WRITERS, initialRows)));
      }
    } catch (SQLException e) {
      application.close();
      throw e;
    }
    for (Writer writer : application.writers) {
      Thread thread = new Thread(() -> application.drive(writer), "demo-application");
      thread.setDaemon(true);
      application.threads.add(thread);
      thread.start();
    }
    return application;
  }

  private void drive(Writer writer) {
    try {
      while (!stopped) {
        writer.step();
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    } catch (SQLException | RuntimeException | Error e) {
      synchronized (failures) {
        failures.add(e.toString());
      }
    }
  }

  /** Lets every connection finish what it is at. */
  void stop() throws InterruptedException {
    stopped = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }

  int connections() {
    return WRITERS;
  }

  /** Errors that the application was not prepared for; each of them ended one connection. */
  List<String> failures() {
    synchronized (failures) {
      return List.copyOf(failures);
    }
  }

  /** Acknowledged transactions. To be asked when all has stopped, as are those below. */
  long writes() {
    return writers.stream().mapToLong(Writer::writes).sum();
  }

  /** How many connections found the renamed column and went over to it. */
  long movedOver() {
    return writers.stream().filter(Writer::sawNewShape).count();
  }

  Latencies latencies() {
    Latencies all = new Latencies();
    writers.forEach(writer -> all.addAll(writer.latencies()));
    return all;
  }

  /** What differs from the initial rows, by all that was acknowledged. */
  Map<Long, Optional<UserRow>> changedRows() {
    Map<Long, Optional<UserRow>> changed = new HashMap<>();
    writers.forEach(writer -> changed.putAll(writer.ledger().changed()));
    return changed;
  }

  /** Stops at once. */
  @Override
  public void close() {
    stopped = true;
    for (Connection connection : connections) {
      try {
        connection.close();
      } catch (SQLException e) {
        synchronized (failures) {
          failures.add(e.toString());
        }
      }
    }
  }
}

package io.zdmosc.cli.demo;

import io.zdmosc.cli.server.CacheFolder;
import io.zdmosc.engine.spi.ConnectionSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;

/**
 * A server of the demo's own, on a free port of the loopback interface, with its data in a
 * temporary folder. Only the demo's user can log in, by a password of the moment. Thread-safe.
 */
interface DemoServer extends AutoCloseable {
  String HOST = "127.0.0.1";
  String DATABASE = "shop";
  String USER = "demo";

  /** What it is: {@code PostgreSQL}. */
  String title();

  /** The table in this server's SQL. */
  DemoTable table();

  /**
   * Finds or fetches the server's programs, and starts it.
   *
   * @param cache where programs stay from one demo to the next
   * @param notes is told what takes long
   */
  void start(CacheFolder cache, Consumer<String> notes);

  Connection connect() throws SQLException;

  ConnectionSettings settings();

  /** What to type in another terminal. */
  List<String> howToConnect();

  /** Stops the server and deletes its data. Waits for a start that is under way. */
  @Override
  void close();
}

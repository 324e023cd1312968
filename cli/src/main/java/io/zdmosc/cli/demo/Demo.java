package io.zdmosc.cli.demo;

import io.zdmosc.cli.output.OutputRenderer;
import io.zdmosc.cli.server.CacheFolder;
import io.zdmosc.cli.server.Folders;
import io.zdmosc.cli.server.Product;
import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.Connector;
import io.zdmosc.engine.spi.Database;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A server, a table, an application that writes to it, and a real migration of that table.
 *
 * <p>{@link #close} may be called from any thread and at any time; it leaves nothing behind.
 */
public final class Demo implements AutoCloseable {
  private static final long BEFORE_MILLIS = 1_000;
  private static final long AFTER_MILLIS = 1_500;

  private final DemoServer server;
  private final List<Connector> connectors;
  private final CacheFolder cache;
  private final PrintStream out;

  /**
   * @param engine the kind of server
   * @param cache where the server's programs are unpacked; see {@link #defaultCache}
   * @param out where to tell what happens
   */
  public Demo(Engine engine, List<Connector> connectors, Path cache, PrintStream out) {
    this.connectors = List.copyOf(connectors);
    this.cache = new CacheFolder(cache);
    this.server = engine.server();
    this.out = out;
  }

  /** The servers that the demo can start. */
  public enum Engine {
    POSTGRESQL(PostgresDemoServer::new),
    MYSQL(() -> new MySqlDemoServer(Product.MYSQL)),
    MARIADB(() -> new MySqlDemoServer(Product.MARIADB));

    private final Supplier<DemoServer> server;

    Engine(Supplier<DemoServer> server) {
      this.server = server;
    }

    DemoServer server() {
      return server.get();
    }
  }

  /** A folder of the user's own. */
  public static Path defaultCache(Map<String, String> environment, Path home) {
    return Folders.cache(environment, home);
  }

  /**
   * Shows everything, and ends with the server still running.
   *
   * @param renderers makes the view of the migration
   * @throws io.zdmosc.engine.error.ZdmException when the migration fails, or when the table does
   *     not hold what the application was told
   */
  public void run(long rows, Supplier<OutputRenderer> renderers) {
    try {
      out.println("Starting a " + server.title() + " of its own ...");
      server.start(cache, out::println);
      try (Connection connection = server.connect()) {
        out.printf("Filling a table with %,d rows ...%n", rows);
        server.table().create(connection, rows);
        out.println();
        out.println("The table before");
        server.table().listing(connection).forEach(out::println);
        out.println();
        change(connection, rows, renderers);
      }
    } catch (SQLException e) {
      throw new DemoException("the demo's server failed: " + e.getMessage(), "", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DemoException("the demo was interrupted", "", e);
    }
  }

  /** How to get at the server while it runs. */
  public List<String> howToConnect() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "The server keeps running; Ctrl-C stops it and removes its data. In another terminal:");
    server.howToConnect().forEach(line -> lines.add("  " + line));
    return lines;
  }

  private void change(Connection connection, long rows, Supplier<OutputRenderer> renderers)
      throws SQLException, InterruptedException {
    Summary summary;
    CutOverWatch cutOver;
    try (Application application = Application.start(server, rows)) {
      out.printf(
          "An application writes to it on %d connections. Now, while it does so:%n",
          application.connections());
      out.println("  ALTER TABLE users " + server.table().alter());
      out.println();
      Thread.sleep(BEFORE_MILLIS);
      try (Database database = connector().connect(server.settings());
          OutputRenderer renderer = renderers.get()) {
        cutOver = new CutOverWatch(renderer);
        summary =
            new Migration(
                    database,
                    new ChangeRequest(DemoTable.NAME, server.table().alter()),
                    RunOptions.defaults(),
                    cutOver)
                .run();
      }
      Thread.sleep(AFTER_MILLIS);
      application.stop();
      Comparison comparison =
          Comparison.of(connection, server.table(), rows, application.changedRows());
      out.println();
      out.println("The table after");
      server.table().listing(connection).forEach(out::println);
      DemoReport.of(summary, application, cutOver, comparison).forEach(out::println);
      failUnlessGood(application, comparison);
    }
  }

  private Connector connector() {
    return connectors.stream()
        .filter(connector -> connector.accepts(server.settings().url()))
        .findFirst()
        .orElseThrow(
            () -> new DemoException("this build has no connector for " + server.title(), "", null));
  }

  private static void failUnlessGood(Application application, Comparison comparison) {
    if (!application.failures().isEmpty()) {
      throw new DemoException(
          "the application saw errors:\n  " + String.join("\n  ", application.failures()),
          "please report this.",
          null);
    }
    if (!comparison.isEqual()) {
      throw new DemoException(
          "the table does not hold what the application was told:\n  "
              + String.join("\n  ", comparison.examples()),
          "please report this.",
          null);
    }
  }

  /** Stops the server and deletes its data. */
  @Override
  public void close() {
    server.close();
  }
}

package io.zdmosc.cli.demo;

import io.zdmosc.cli.server.CacheFolder;
import io.zdmosc.cli.server.Commands;
import io.zdmosc.cli.server.DataFolder;
import io.zdmosc.cli.server.MySqlProgram;
import io.zdmosc.cli.server.MySqlPrograms;
import io.zdmosc.cli.server.Product;
import io.zdmosc.cli.server.ServerException;
import io.zdmosc.engine.spi.ConnectionSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A MySQL or MariaDB whose programs were found on the machine or fetched. */
final class MySqlDemoServer implements DemoServer {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Product product;
  private final DemoFolder folder = DemoFolder.create();
  private Process process;
  private int port;
  private boolean closed;

  MySqlDemoServer(Product product) {
    this.product = product;
  }

  @Override
  public String title() {
    return product.title();
  }

  @Override
  public DemoTable table() {
    return new MySqlDemoTable(product);
  }

  @Override
  public void start(CacheFolder cache, Consumer<String> notes) {
    MySqlProgram program;
    try {
      // may take minutes, in which the demo can be closed
      program = new MySqlPrograms(cache, System.getenv(), notes).of(product);
    } catch (ServerException e) {
      throw new DemoException(e.getMessage(), remedy(), e);
    }
    try {
      start(program, cache);
    } catch (IOException | SQLException | ServerException e) {
      close();
      throw new DemoException(
          "the demo's " + title() + " did not start: " + e.getMessage(),
          "try it as an ordinary user, with some disk space for temporary files.",
          e);
    }
  }

  private String remedy() {
    return product == Product.MYSQL
        ? "install MySQL 8.0.13 or newer, or name its mysqld in ZDM_OSC_MYSQLD; or try"
            + " --engine mariadb, which comes through Maven."
        : "install MariaDB 10.6 or newer, and name its mariadbd in ZDM_OSC_MARIADBD.";
  }

  private synchronized void start(MySqlProgram program, CacheFolder cache)
      throws IOException, SQLException {
    if (closed) {
      throw new DemoException("the demo was stopped", "", null);
    }
    DataFolder.create(cache, program, folder.data(), "0");
    Files.createDirectory(temporary());
    Path users = folder.secret("users.sql", String.join("\n", users()) + "\n");
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    process = Commands.launch(folder.log(), program.with(arguments(users)));
    awaitStart();
    Files.delete(users);
    folder.secret("password", folder.password() + "\n");
    folder.secret(
        "my.cnf",
        "[client]\nhost=%s\nport=%d\nuser=%s\npassword=%s\n"
            .formatted(HOST, port, USER, folder.password()));
  }

  /** Run before anybody can connect: nobody but the demo's user is left. */
  private List<String> users() {
    String user = "'" + USER + "'@'" + HOST + "'";
    List<String> statements = new ArrayList<>();
    for (String host : List.of("%", "localhost")) {
      statements.add("DROP USER IF EXISTS '" + DataFolder.USER + "'@'" + host + "';");
    }
    statements.add("CREATE DATABASE " + DATABASE + ";");
    statements.add("CREATE USER " + user + " IDENTIFIED BY '" + folder.password() + "';");
    statements.add(
        "GRANT REPLICATION SLAVE, "
            + (product == Product.MYSQL ? "REPLICATION CLIENT" : "BINLOG MONITOR")
            + ", PROCESS ON *.* TO "
            + user
            + ";");
    statements.add("GRANT ALL ON " + DATABASE + ".* TO " + user + ";");
    statements.add("GRANT ALL ON zdm_osc.* TO " + user + ";");
    return statements;
  }

  private List<String> arguments(Path users) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--datadir=" + folder.data(),
                "--tmpdir=" + temporary(),
                "--secure-file-priv=" + temporary(),
                "--init-file=" + users,
                "--bind-address=" + HOST,
                "--port=" + port,
                // relative to the data folder: the path of a socket must be short
                "--socket=mysql.sock",
                "--pid-file=mysql.pid",
                "--skip-name-resolve",
                "--max-connections=100",
                "--server-id=1",
                "--log-bin=binlog",
                "--binlog-format=ROW",
                "--sync-binlog=0",
                "--innodb-flush-log-at-trx-commit=2",
                "--innodb-flush-method=nosync",
                "--innodb-doublewrite=OFF",
                "--innodb-buffer-pool-size=256M"));
    arguments.addAll(
        product == Product.MYSQL
            ? List.of(
                "--gtid-mode=ON",
                "--enforce-gtid-consistency=ON",
                "--mysqlx=OFF",
                "--innodb-redo-log-capacity=1G")
            : List.of("--skip-ssl", "--innodb-log-file-size=1G"));
    return arguments;
  }

  private Path temporary() {
    return folder.path().resolve("tmp");
  }

  private void awaitStart() throws IOException, SQLException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try (Connection connection = connect()) {
        if (connection.isValid(5)) {
          return;
        }
      } catch (SQLException e) {
        if (!process.isAlive()) {
          throw new ServerException("it ended:\n" + lastWords(), e);
        }
        if (System.nanoTime() > deadline) {
          throw e;
        }
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ServerException("interrupted while it started", e);
      }
    }
  }

  private String lastWords() throws IOException {
    List<String> lines = Files.readAllLines(folder.log());
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 10), lines.size()));
  }

  @Override
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(url(), USER, folder.password());
  }

  @Override
  public ConnectionSettings settings() {
    return new ConnectionSettings(url(), USER, folder.password(), Map.of());
  }

  private String url() {
    return "jdbc:" + product.id() + "://" + HOST + ":" + port + "/" + DATABASE;
  }

  @Override
  public List<String> howToConnect() {
    return String.format(
            Locale.ROOT,
            """
            %s --defaults-file=%s %s
            ./zdm-osc run --url %s --user %s --password-file %s \\
                --table users --alter 'ADD COLUMN note text'
            """,
            product.id(),
            folder.path().resolve("my.cnf"),
            DATABASE,
            url(),
            USER,
            folder.path().resolve("password"))
        .lines()
        .toList();
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (process != null) {
      // nothing of its data is going to be kept
      process.destroyForcibly();
      try {
        process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    folder.delete();
  }
}

package io.zdmosc.harness.rules;

import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.server.TestServer;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/**
 * A way to a MySQL or MariaDB server on which a connection is lost at a certain statement, once.
 * The client notices at once, the server never: there the session lives on with all that it holds.
 * Thread-safe.
 */
final class StatementCutter implements AutoCloseable {
  /** What gets lost together with the connection. */
  enum Lost {
    /** The server never hears of it. */
    STATEMENT,
    /** The server carries it out. */
    ANSWER
  }

  private final ServerSocket entrance;
  private final int serverPort;
  private final Pattern statement;
  private final Lost lost;
  private final boolean dying;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private boolean done;

  private StatementCutter(
      ServerSocket entrance, int serverPort, Pattern statement, Lost lost, boolean dying) {
    this.dying = dying;
    this.entrance = entrance;
    this.serverPort = serverPort;
    this.statement = statement;
    this.lost = lost;
  }

  static StatementCutter at(String statement, Lost lost, int serverPort) throws IOException {
    return at(statement, lost, serverPort, false);
  }

  /**
   * One that ends all connections when the statement comes, which the server does not hear of, and
   * takes none any more: so it is for the server when a process dies.
   */
  static StatementCutter dyingAt(String statement, int serverPort) throws IOException {
    return at(statement, Lost.STATEMENT, serverPort, true);
  }

  private static StatementCutter at(String statement, Lost lost, int serverPort, boolean dying)
      throws IOException {
    StatementCutter cutter =
        new StatementCutter(
            new ServerSocket(0, 50, InetAddress.getLoopbackAddress()),
            serverPort,
            Pattern.compile(statement),
            lost,
            dying);
    Background.run(cutter::accept);
    return cutter;
  }

  /** The database as it is seen over this way. */
  TestDatabase to(MySqlDatabase database) {
    String url =
        database.jdbcUrl().replace(":" + serverPort + "/", ":" + entrance.getLocalPort() + "/");
    String plain =
        url.startsWith("jdbc:mysql:")
            ? "?sslMode=DISABLED&allowPublicKeyRetrieval=true"
            : "?sslMode=disable";
    return new TestDatabase() {
      @Override
      public TestServer server() {
        return database.server();
      }

      @Override
      public String name() {
        return database.name();
      }

      @Override
      public String jdbcUrl() {
        return url + plain;
      }

      @Override
      public void close() throws SQLException {
        database.close();
      }
    };
  }

  synchronized boolean isDone() {
    return done;
  }

  private synchronized boolean isNow(byte[] buffer, int length) {
    boolean now =
        !done
            && statement.matcher(new String(buffer, 0, length, StandardCharsets.ISO_8859_1)).find();
    done |= now;
    return now;
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = entrance.accept();
      Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      sockets.add(client);
      sockets.add(server);
      Way way = new Way(client, server);
      Background.run(way::toServer);
      Background.run(way::toClient);
    }
  }

  private final class Way {
    private final Socket client;
    private final Socket server;
    private volatile boolean answerLost;

    private Way(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    private void toServer() throws IOException {
      boolean cut = false;
      try {
        InputStream in = client.getInputStream();
        byte[] buffer = new byte[65536];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          if (isNow(buffer, n)) {
            cut = true;
            if (dying) {
              StatementCutter.this.close();
            }
            if (lost == Lost.STATEMENT) {
              return;
            }
            answerLost = true;
          }
          server.getOutputStream().write(buffer, 0, n);
        }
      } finally {
        client.close();
        if (!cut) {
          server.close();
        }
      }
    }

    private void toClient() throws IOException {
      try {
        InputStream in = server.getInputStream();
        byte[] buffer = new byte[65536];
        for (int n = in.read(buffer); n >= 0 && !answerLost; n = in.read(buffer)) {
          client.getOutputStream().write(buffer, 0, n);
        }
      } finally {
        client.close();
      }
    }
  }

  @Override
  public void close() throws IOException {
    entrance.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}

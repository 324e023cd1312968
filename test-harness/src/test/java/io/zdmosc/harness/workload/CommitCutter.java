package io.zdmosc.harness.workload;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** A proxy before a server that cuts connections during commits. Thread-safe. */
final class CommitCutter implements AutoCloseable {
  /** When to cut. */
  enum Cut {
    /** The server never hears of the commit. */
    BEFORE_THE_SERVER_HEARS,
    /** The server commits, and the client never hears of it. */
    BEFORE_THE_CLIENT_HEARS
  }

  /** Not the one of "SET autocommit". */
  private static final Pattern COMMIT = Pattern.compile("\\bCOMMIT\\b", Pattern.CASE_INSENSITIVE);

  private final ServerSocket entrance;
  private final int serverPort;
  private final Cut cut;
  private final AtomicInteger commits = new AtomicInteger();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile int every;

  private CommitCutter(ServerSocket entrance, int serverPort, Cut cut) {
    this.entrance = entrance;
    this.serverPort = serverPort;
    this.cut = cut;
  }

  static CommitCutter start(int serverPort, Cut cut) throws IOException {
    ServerSocket entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    CommitCutter cutter = new CommitCutter(entrance, serverPort, cut);
    run("entrance", cutter::accept);
    return cutter;
  }

  int port() {
    return entrance.getLocalPort();
  }

  /** Cuts every n-th commit from now on. */
  void cutEvery(int n) {
    every = n;
  }

  void cutNever() {
    every = 0;
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = entrance.accept();
      Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
      sockets.add(client);
      sockets.add(server);
      run("to server", () -> pass(client, server, true));
      run("to client", () -> pass(server, client, false));
    }
  }

  private void pass(Socket from, Socket to, boolean watch) throws IOException {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[65536];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        boolean cutNow = watch && isCommit(buffer, n) && due();
        if (cutNow && cut == Cut.BEFORE_THE_SERVER_HEARS) {
          return;
        }
        if (cutNow) {
          from.close();
        }
        out.write(buffer, 0, n);
        out.flush();
        if (cutNow) {
          return;
        }
      }
    }
  }

  /** The driver sends a commit as a message of its own, much shorter than this. */
  private static boolean isCommit(byte[] buffer, int length) {
    return length < 200
        && COMMIT.matcher(new String(buffer, 0, length, StandardCharsets.ISO_8859_1)).find();
  }

  private boolean due() {
    int n = every;
    return n > 0 && commits.incrementAndGet() % n == 0;
  }

  @Override
  public void close() throws IOException {
    entrance.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private static void run(String name, Job job) {
    Thread thread =
        new Thread(
            () -> {
              try {
                job.run();
              } catch (IOException e) {
                // One side is gone; so is the other.
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  private interface Job {
    void run() throws IOException;
  }
}

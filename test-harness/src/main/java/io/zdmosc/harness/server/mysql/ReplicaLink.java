package io.zdmosc.harness.server.mysql;

import io.zdmosc.cli.server.ServerException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What a replica sees as its source: a proxy that can be slow in one direction. Once the replica
 * follows, nothing but its acknowledgements travels to the source; so holding these back holds back
 * commits that wait for them, and nothing else. Thread-safe.
 */
public final class ReplicaLink implements AutoCloseable {
  private final ServerSocket entrance;
  private final int sourcePort;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private boolean held;
  private Duration delay = Duration.ZERO;

  private ReplicaLink(ServerSocket entrance, int sourcePort) {
    this.entrance = entrance;
    this.sourcePort = sourcePort;
  }

  static ReplicaLink to(int sourcePort) {
    try {
      ReplicaLink link =
          new ReplicaLink(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), sourcePort);
      run("replica link", link::accept);
      return link;
    } catch (IOException e) {
      throw new ServerException("cannot listen for a replica", e);
    }
  }

  int port() {
    return entrance.getLocalPort();
  }

  /** No acknowledgement reaches the source until {@link #release}. */
  public synchronized void hold() {
    held = true;
  }

  public synchronized void release() {
    held = false;
    notifyAll();
  }

  /** Every acknowledgement takes this long from now on. */
  public synchronized void delay(Duration newDelay) {
    delay = newDelay;
  }

  private void accept() throws IOException, InterruptedException {
    while (true) {
      Socket replica = entrance.accept();
      Socket source = new Socket(InetAddress.getLoopbackAddress(), sourcePort);
      for (Socket socket : List.of(replica, source)) {
        socket.setTcpNoDelay(true);
        sockets.add(socket);
      }
      run("to source", () -> pass(replica, source, true));
      run("to replica", () -> pass(source, replica, false));
    }
  }

  private void pass(Socket from, Socket to, boolean slow) throws IOException, InterruptedException {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[65536];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (slow) {
          awaitPassage();
        }
        out.write(buffer, 0, n);
        out.flush();
      }
    }
  }

  private void awaitPassage() throws InterruptedException {
    long millis;
    synchronized (this) {
      millis = delay.toMillis();
    }
    Thread.sleep(millis);
    synchronized (this) {
      while (held) {
        wait();
      }
    }
  }

  @Override
  public void close() {
    release();
    try {
      entrance.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new ServerException("cannot close the link of a replica", e);
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
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  private interface Job {
    void run() throws IOException, InterruptedException;
  }
}

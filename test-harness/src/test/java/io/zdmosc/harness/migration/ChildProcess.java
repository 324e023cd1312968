package io.zdmosc.harness.migration;

import io.zdmosc.harness.server.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A {@link ChildMigration}, or the tool itself, seen from outside. */
final class ChildProcess implements AutoCloseable {
  private final Process process;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Thread reader;

  private ChildProcess(
      ChildJvm jvm, TestDatabase database, String user, String password, List<String> arguments)
      throws IOException {
    this(
        jvm.command(
            ChildMigration.class.getName(),
            Stream.concat(Stream.of(database.jdbcUrl(), user, password), arguments.stream())
                .toList()),
        Map.of());
  }

  private ChildProcess(List<String> command, Map<String, String> environment) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    process = builder.start();
    reader = new Thread(this::read, "child's output");
    reader.setDaemon(true);
    reader.start();
  }

  static ChildProcess run(
      TestDatabase database, String user, String password, String table, String alter, int heldKeys)
      throws IOException {
    return run(ChildJvm.PLAIN, database, user, password, table, alter, heldKeys);
  }

  static ChildProcess run(
      ChildJvm jvm,
      TestDatabase database,
      String user,
      String password,
      String table,
      String alter,
      int heldKeys)
      throws IOException {
    return new ChildProcess(
        jvm, database, user, password, List.of("run", table, alter, Integer.toString(heldKeys)));
  }

  static ChildProcess resume(TestDatabase database, String user, String password, long id)
      throws IOException {
    return resume(ChildJvm.PLAIN, database, user, password, id);
  }

  static ChildProcess resume(
      ChildJvm jvm, TestDatabase database, String user, String password, long id)
      throws IOException {
    return new ChildProcess(jvm, database, user, password, List.of("resume", Long.toString(id)));
  }

  /** As {@link #resume}, whoever drives it. */
  static ChildProcess takeOver(TestDatabase database, String user, String password, long id)
      throws IOException {
    return new ChildProcess(
        ChildJvm.PLAIN, database, user, password, List.of("take-over", Long.toString(id)));
  }

  /** The tool, with a command that connects to a database. */
  static ChildProcess tool(TestDatabase database, String command, String... options)
      throws IOException {
    return tool(
        database,
        database.user(),
        Map.of("PGPASSWORD", database.password(), "MYSQL_PWD", database.password()),
        command,
        options);
  }

  /** As {@link #tool(TestDatabase, String, String...)}, by another user. */
  static ChildProcess tool(
      TestDatabase database,
      String user,
      Map<String, String> environment,
      String command,
      String... options)
      throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of(command, "--url", database.jdbcUrl(), "--user", user));
    arguments.addAll(List.of(options));
    return new ChildProcess(ChildJvm.PLAIN.command("io.zdmosc.cli.Main", arguments), environment);
  }

  private void read() {
    try (BufferedReader output = process.inputReader()) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it has told of so many states, or has ended. */
  void awaitStates(int number, Duration atMost) {
    Awaitility.await()
        .atMost(atMost)
        .pollInterval(1, TimeUnit.MILLISECONDS)
        .pollDelay(0, TimeUnit.MILLISECONDS)
        .until(() -> states() >= number || !process.isAlive());
  }

  int states() {
    return (int) lines.stream().filter(line -> line.startsWith("state ")).count();
  }

  /** The last state that it has told of, or empty. */
  String lastState() {
    return lines.stream()
        .filter(line -> line.startsWith("state "))
        .reduce("", (before, after) -> after)
        .replaceFirst("state ", "");
  }

  boolean hasSaid(String begin) {
    return lines.stream().anyMatch(line -> line.startsWith(begin));
  }

  /** Waits until a line has this in it. */
  void awaitWords(String words, Duration atMost) {
    Awaitility.await()
        .atMost(atMost)
        .pollInterval(5, TimeUnit.MILLISECONDS)
        .until(() -> lines.stream().anyMatch(line -> line.contains(words)) || !process.isAlive());
    if (lines.stream().noneMatch(line -> line.contains(words))) {
      throw new AssertionError("it never said '" + words + "':\n" + this);
    }
  }

  /** Waits for the end; the exit status. */
  int exitStatus(Duration atMost) throws InterruptedException {
    awaitEnd(atMost);
    return process.exitValue();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** {@code kill -STOP} or {@code kill -CONT}. */
  void signal(String name) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    if (kill.waitFor() != 0) {
      throw new IOException("kill -" + name + " failed");
    }
  }

  /** {@code kill -9}. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
    reader.join();
  }

  /** Waits for the end. */
  void awaitEnd(Duration atMost) throws InterruptedException {
    if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("no end of the child:\n" + this);
    }
    reader.join();
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }

  @Override
  public String toString() {
    return String.join("\n", lines);
  }
}

package io.zdmosc.engine.hook;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one hook. Its output goes to the log. */
final class HookProcess {
  private static final Logger LOG = LoggerFactory.getLogger(HookProcess.class);
  private static final long LOOK_AGAIN_MILLIS = 50;

  /** Variables in which clients of databases are given passwords. */
  private static final Pattern SECRET =
      Pattern.compile("(?i).*(password|passwd|secret|token).*|mysql_pwd");

  private static final File NOTHING = new File(isWindows() ? "NUL" : "/dev/null");

  private final Path file;
  private final Duration timeout;
  private volatile String lastLine = "";

  HookProcess(Path file, Duration timeout) {
    this.file = file;
    this.timeout = timeout;
  }

  /**
   * Runs it to its end.
   *
   * @param facts variables of its environment, besides those of this process that are no secrets
   * @param stop it is ended when this becomes true
   * @return why it failed; empty when it did not
   */
  String run(String event, Map<String, String> facts, BooleanSupplier stop) {
    Process process;
    try {
      process = start(event, facts);
    } catch (IOException e) {
      return "could not be started: " + e.getMessage();
    }
    Thread reader = new Thread(() -> log(process.getInputStream()), "zdm-hook-output");
    reader.setDaemon(true);
    reader.start();
    try {
      String failure = await(process, stop);
      reader.join(LOOK_AGAIN_MILLIS * 10);
      return failure.isEmpty() || lastLine.isEmpty() ? failure : failure + ": " + lastLine;
    } catch (InterruptedException e) {
      end(process);
      Thread.currentThread().interrupt();
      return "was interrupted";
    }
  }

  static boolean isSecret(String name) {
    return SECRET.matcher(name).matches();
  }

  private static boolean isWindows() {
    return System.getProperty("os.name", "").startsWith("Windows");
  }

  private Process start(String event, Map<String, String> facts) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(file.toString(), event).redirectErrorStream(true);
    builder.environment().keySet().removeIf(HookProcess::isSecret);
    builder.environment().keySet().removeIf(name -> name.startsWith("ZDM_"));
    builder.environment().putAll(facts);
    builder.redirectInput(ProcessBuilder.Redirect.from(NOTHING));
    return builder.start();
  }

  private String await(Process process, BooleanSupplier stop) throws InterruptedException {
    long until = System.nanoTime() + timeout.toNanos();
    while (!process.waitFor(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
      if (stop.getAsBoolean()) {
        end(process);
        return "was ended, since the migration was stopped";
      }
      if (System.nanoTime() - until > 0) {
        end(process);
        return "took longer than " + timeout.toMillis() + " ms";
      }
    }
    return process.exitValue() == 0 ? "" : "ended with status " + process.exitValue();
  }

  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private void log(InputStream output) {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        LOG.info("hook {}: {}", file.getFileName(), line);
        lastLine = line.isBlank() ? lastLine : line.strip();
      }
    } catch (IOException e) {
      LOG.debug("the output of hook {} broke off: {}", file, e.toString());
    }
  }
}

package io.zdmosc.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import io.zdmosc.cli.config.FileTrouble;
import io.zdmosc.cli.config.Setting;
import io.zdmosc.cli.config.Settings;
import io.zdmosc.engine.error.ZdmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.logging.LogManager;
import org.slf4j.LoggerFactory;

/**
 * Where the log goes: to the file that was asked for, to standard error by {@code -v}, or nowhere.
 */
final class Logging {
  private static final String PATTERN =
      "%d{yyyy-MM-dd HH:mm:ss.SSS} %-5level [%thread] %logger{36} - %msg%n";
  private static final List<String> TALKATIVE = List.of("io.debezium", "org.apache.kafka");

  private final boolean on;

  private Logging(boolean on) {
    this.on = on;
  }

  /** Sets the log up. A file that cannot be written is recorded as a problem. */
  static Logging configure(Settings settings, Context context) {
    int verbosity = verbosity(settings);
    Optional<Path> file = settings.get("log-file").flatMap(it -> writable(it, settings, context));
    LoggerContext loggers = quiet();
    Logger root = loggers.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    if (verbosity > 0) {
      OutputStreamAppender<ILoggingEvent> console = new OutputStreamAppender<>();
      console.setOutputStream(context.err());
      start(console, loggers, verbosity == 1 ? Level.INFO : Level.DEBUG);
      root.addAppender(console);
    }
    file.ifPresent(
        path -> {
          FileAppender<ILoggingEvent> appender = new FileAppender<>();
          appender.setFile(path.toString());
          start(appender, loggers, Level.DEBUG);
          root.addAppender(appender);
        });
    boolean on = verbosity > 0 || file.isPresent();
    root.setLevel(on ? Level.INFO : Level.OFF);
    if (on) {
      loggers.getLogger("io.zdmosc").setLevel(verbosity > 1 ? Level.DEBUG : Level.INFO);
      TALKATIVE.forEach(
          name -> loggers.getLogger(name).setLevel(verbosity > 2 ? Level.INFO : Level.WARN));
    }
    return new Logging(on);
  }

  /** Logs nothing until something else is asked for. */
  static LoggerContext quiet() {
    // The driver writes to java.util.logging, whose default is the console.
    LogManager.getLogManager().reset();
    LoggerContext loggers = (LoggerContext) LoggerFactory.getILoggerFactory();
    loggers.reset();
    loggers.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
    return loggers;
  }

  boolean isOn() {
    return on;
  }

  /** Notes how a command ended, with the cause's stack trace. */
  void record(ZdmException error) {
    LoggerFactory.getLogger(Logging.class)
        .error("{} (exit status {})", error.getMessage(), error.exitCode().status(), error);
  }

  private static void start(
      OutputStreamAppender<ILoggingEvent> appender, LoggerContext loggers, Level threshold) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(loggers);
    encoder.setPattern(PATTERN);
    encoder.start();
    ThresholdFilter filter = new ThresholdFilter();
    filter.setLevel(threshold.levelStr);
    filter.start();
    appender.addFilter(filter);
    appender.setContext(loggers);
    appender.setEncoder(encoder);
    appender.start();
  }

  private static int verbosity(Settings settings) {
    return settings
        .parsed(
            "verbose",
            text ->
                switch (text) {
                  case "true" -> 1;
                  case "false" -> 0;
                  case "2" -> 2;
                  case "3" -> 3;
                  case "1" -> 1;
                  case "0" -> 0;
                  default -> throw new IllegalArgumentException("is not a level");
                },
            "Give a number from 0 to 3.")
        .orElse(0);
  }

  private static Optional<Path> writable(Setting setting, Settings settings, Context context) {
    Path file = context.directory().resolve(setting.text());
    try {
      Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close();
      return Optional.of(file);
    } catch (IOException e) {
      settings
          .problems()
          .add(
              setting.origin(),
              file + " cannot be written: " + FileTrouble.reason(e),
              "Name a file in a directory that exists and that you may write to.");
      return Optional.empty();
    }
  }
}

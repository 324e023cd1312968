package io.zdmosc.cli.output;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.Signals;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The terminal that standard output is connected to. */
public final class JlineScreen implements Screen {
  private static final Logger LOG = LoggerFactory.getLogger(JlineScreen.class);
  private static final int WIDTH_WHEN_UNKNOWN = 80;
  private static final String RESIZED = "WINCH";

  private final Terminal terminal;
  private final boolean color;
  private final Object previousResize;
  private volatile int width;

  private JlineScreen(Terminal terminal, boolean color) {
    this.terminal = terminal;
    this.color = color;
    measure();
    // Asking for the width may start a process, so it is asked for again only when it has changed.
    this.previousResize = Signals.register(RESIZED, this::measure);
  }

  /** The terminal, unless output goes elsewhere or the terminal is a dumb one. */
  public static Optional<Screen> detect(Map<String, String> environment) {
    String type = environment.getOrDefault("TERM", "");
    if (type.isEmpty() || type.equals("dumb")) {
      return Optional.empty();
    }
    try {
      Terminal terminal =
          TerminalBuilder.builder()
              .system(true)
              .systemOutput(TerminalBuilder.SystemOutput.SysOut)
              .provider(TerminalBuilder.PROP_PROVIDER_EXEC)
              .dumb(false)
              .nativeSignals(false)
              .build();
      if (terminal.getType().startsWith(Terminal.TYPE_DUMB)) {
        terminal.close();
        return Optional.empty();
      }
      boolean color = environment.getOrDefault("NO_COLOR", "").isEmpty();
      return Optional.of(new JlineScreen(terminal, color));
    } catch (IOException | IllegalStateException e) {
      LOG.debug("No terminal to draw on", e);
      return Optional.empty();
    }
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public boolean color() {
    return color;
  }

  @Override
  public boolean unicode() {
    return StandardCharsets.UTF_8.equals(terminal.encoding());
  }

  @Override
  public void write(String text) {
    terminal.writer().write(text);
    terminal.writer().flush();
  }

  @Override
  public void close() {
    Signals.unregister(RESIZED, previousResize);
    try {
      terminal.close();
    } catch (IOException e) {
      LOG.debug("The terminal could not be closed", e);
    }
  }

  private void measure() {
    int now = terminal.getWidth();
    width = now > 0 ? now : WIDTH_WHEN_UNKNOWN;
  }
}

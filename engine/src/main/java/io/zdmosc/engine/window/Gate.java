package io.zdmosc.engine.window;

import io.zdmosc.engine.concurrent.RunControl;
import io.zdmosc.engine.throttle.ThrottleSignal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** Holds work back outside its windows. Thread-safe. */
public final class Gate implements ThrottleSignal {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("EEE d MMM HH:mm", Locale.ENGLISH);

  private final Windows windows;
  private final InstantSource clock;
  private boolean open;
  private Instant change = Instant.MIN;

  public Gate(Windows windows, InstantSource clock) {
    this.windows = windows;
    this.clock = clock;
  }

  public boolean isOpen() {
    return windows.isAlways() || look(clock.instant());
  }

  /** Windows are worked out only when the last answer may have become wrong. */
  private synchronized boolean look(Instant now) {
    if (!now.isBefore(change)) {
      Optional<Interval> present = windows.openInterval(now);
      open = present.isPresent();
      change =
          present
              .map(Interval::end)
              .or(() -> windows.next(now).map(Interval::begin))
              .orElse(Instant.MAX);
    }
    return open;
  }

  /** Returns when it is open; throws when the run is to stop. */
  public void await(RunControl control) {
    control.check();
    while (!isOpen()) {
      control.sleep(LOOK_AGAIN);
    }
  }

  /** Closed, all pressure there is; open, none. */
  @Override
  public double pressure() {
    return isOpen() ? 0 : 1;
  }

  /** When it opens; empty while it is open. */
  @Override
  public String reason() {
    if (isOpen()) {
      return "";
    }
    return windows
        .nextOpening(clock.instant())
        .map(opening -> "outside the window, which opens " + words(opening))
        .orElse("outside the window");
  }

  /**
   * What the windows mean for work of so many seconds, -1 where that is not known; empty when
   * nothing restricts it.
   */
  public Optional<Outlook> outlook(long seconds) {
    if (windows.isAlways()) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    Optional<Windows.Forecast> done =
        seconds < 0 ? Optional.empty() : windows.forecast(now, Duration.ofSeconds(seconds));
    return Optional.of(
        new Outlook(
            isOpen() ? Optional.empty() : windows.nextOpening(now),
            done.map(Windows.Forecast::stretches).orElse(0),
            done.map(Windows.Forecast::end)));
  }

  /**
   * When work of so many seconds will be done, in words; empty when nothing restricts it, or it is
   * not known.
   */
  public String forecast(long seconds) {
    if (windows.isAlways() || seconds < 0) {
      return "";
    }
    return windows
        .forecast(clock.instant(), Duration.ofSeconds(seconds))
        .map(
            done ->
                done.stretches() == 1
                    ? "done within one window, " + words(done.end())
                    : "done after " + done.stretches() + " windows, " + words(done.end()))
        .orElse("");
  }

  private String words(Instant instant) {
    ZonedDateTime local = instant.atZone(windows.zone());
    return TIME.format(local) + " " + windows.zone().getId();
  }
}

package io.zdmosc.engine.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.concurrent.RunControl;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GateTest {
  private volatile Instant now = Instant.parse("2026-11-21T12:00:00Z");
  private final Gate gate =
      new Gate(Windows.parse("01:00-05:00 Europe/Berlin", ZoneOffset.UTC), () -> now);
  private final RunControl control = new RunControl();

  @Test
  void isOpenInsideTheWindowOnly() {
    assertThat(gate.isOpen()).isFalse();
    assertThat(gate.pressure()).isEqualTo(1);
    assertThat(gate.reason())
        .isEqualTo("outside the window, which opens Sun 22 Nov 01:00 Europe/Berlin");

    now = Instant.parse("2026-11-22T00:00:00Z");
    assertThat(gate.isOpen()).isTrue();
    assertThat(gate.pressure()).isZero();
    assertThat(gate.reason()).isEmpty();

    now = Instant.parse("2026-11-22T04:00:00Z");
    assertThat(gate.isOpen()).isFalse();
    assertThat(gate.reason()).contains("Mon 23 Nov 01:00");
  }

  @Test
  void holdsWorkUntilItOpens() throws Exception {
    CompletableFuture<Void> work = CompletableFuture.runAsync(() -> gate.await(control));

    Thread.sleep(300);
    assertThat(work).isNotDone();
    now = Instant.parse("2026-11-22T00:00:00Z");

    work.get(10, TimeUnit.SECONDS);
  }

  @Test
  void waitingEndsWithTheRun() {
    control.abort();

    assertThatThrownBy(() -> gate.await(control)).isInstanceOf(RunControl.StopRequested.class);
  }

  @Test
  void tellsAfterHowManyWindowsWorkIsDone() {
    assertThat(gate.forecast(9 * 3600))
        .isEqualTo("done after 3 windows, Tue 24 Nov 02:00 Europe/Berlin");
    assertThat(gate.forecast(3600))
        .isEqualTo("done within one window, Sun 22 Nov 02:00 Europe/Berlin");
    assertThat(gate.forecast(-1)).isEmpty();
    assertThat(new Gate(Windows.ALWAYS, () -> now).forecast(3600)).isEmpty();
  }

  @Test
  void tellsWhatTheWindowsMeanForWorkThatIsLeft() {
    assertThat(gate.outlook(9 * 3600).orElseThrow().windowsLeft()).isEqualTo(3);
    assertThat(gate.outlook(9 * 3600).orElseThrow().doneAt())
        .contains(Instant.parse("2026-11-24T01:00:00Z"));
    assertThat(gate.outlook(-1).orElseThrow().windowsLeft()).isZero();
    assertThat(gate.outlook(-1).orElseThrow().doneAt()).isEmpty();
    assertThat(gate.outlook(-1).orElseThrow().opensAt())
        .contains(Instant.parse("2026-11-22T00:00:00Z"));
    now = Instant.parse("2026-11-22T01:00:00Z");
    assertThat(gate.outlook(-1).orElseThrow().opensAt()).isEmpty();
    assertThat(new Gate(Windows.ALWAYS, () -> now).outlook(3600)).isEmpty();
  }

  @Test
  void withoutWindowsItIsOpenAlways() {
    Gate always = new Gate(Hours.ALWAYS.workWindows(), () -> now);

    assertThat(always.isOpen()).isTrue();
    assertThat(always.reason()).isEmpty();
  }

  @Test
  void theSwapsWindowIsThatOfTheWorkUnlessGiven() {
    assertThat(new Hours("01:00-02:00", "", "UTC").cutOverWindows()).hasToString("01:00-02:00");
    assertThat(new Hours("01:00-02:00", "03:00-04:00", "UTC").cutOverWindows())
        .hasToString("03:00-04:00");
    assertThat(new Hours("", "03:00-04:00", "UTC").workWindows().isAlways()).isTrue();
    assertThatThrownBy(() -> new Hours("at night", "", "UTC"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

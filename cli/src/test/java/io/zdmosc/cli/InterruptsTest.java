package io.zdmosc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.error.AbortedException;
import java.io.IOError;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class InterruptsTest {
  private final List<String> said = new CopyOnWriteArrayList<>();
  private final List<AbortedException> ends = new CopyOnWriteArrayList<>();
  private final List<Integer> halts = new CopyOnWriteArrayList<>();
  private final List<String> stops = new CopyOnWriteArrayList<>();

  @Test
  void endTheProcessAtOnceWhileThereIsNothingToStop() {
    try (Interrupts interrupts = interrupts(Duration.ofMinutes(1))) {
      interrupts.onSignal();
      assertThat(halts).containsExactly(6);
      assertThat(ends).extracting(AbortedException::state).containsExactly("Nothing was touched.");
    }
  }

  @Test
  void askForACleanEndFirstAndEndTheProcessTheSecondTime() {
    try (Interrupts interrupts = interrupts(Duration.ofMinutes(1))) {
      interrupts.begin(work());
      interrupts.onSignal();
      assertThat(stops).hasSize(1);
      assertThat(halts).isEmpty();

      interrupts.onSignal();
      assertThat(stops).hasSize(1);
      assertThat(halts).containsExactly(6);
      assertThat(said).containsExactly("stopping");
      assertThat(ends).extracting(AbortedException::getMessage).containsExactly("left behind");
    }
  }

  @Test
  void endTheProcessWhenTheCleanEndDoesNotCome() {
    try (Interrupts interrupts = interrupts(Duration.ofMillis(50))) {
      interrupts.begin(work());
      interrupts.onSignal();
      Awaitility.await().until(() -> halts.contains(6));
      assertThat(ends).hasSize(1);
    }
  }

  @Test
  void doNothingAnyMoreOnceTheWorkHasEnded() throws InterruptedException {
    Interrupts interrupts = interrupts(Duration.ofMillis(100));
    interrupts.begin(work());
    interrupts.onSignal();
    interrupts.close();
    interrupts.onSignal();
    Thread.sleep(200);
    assertThat(halts).isEmpty();
  }

  @Test
  void endTheProcessAlsoWhereNothingCanBeSaidAnyMore() {
    try (Interrupts interrupts =
        new Interrupts(
            words -> {
              if (!words.equals("stopping")) {
                throw new IOError(new IOException("the terminal has gone"));
              }
            },
            how -> {
              throw new IOError(new IOException("the terminal has gone"));
            },
            halts::add,
            Duration.ofMillis(50))) {
      interrupts.begin(work());
      interrupts.onSignal();
      Awaitility.await().dontCatchUncaughtExceptions().until(() -> halts.contains(6));
    }
  }

  private Interrupts interrupts(Duration patience) {
    return new Interrupts(said::add, ends::add, halts::add, patience);
  }

  private Interrupts.Work work() {
    return new Interrupts.Work(
        () -> stops.add("stop"), "stopping", new AbortedException("left behind", "", ""));
  }
}

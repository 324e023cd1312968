package io.zdmosc.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressBlockTest {
  private final ProgressBlock plain = new ProgressBlock(false, false);

  @Test
  void showsEverythingWhereThereIsRoom() {
    assertThat(plain.lines(Samples.progress(""), 120))
        .containsExactly(
            "copying     [###############...............] 52.3 %  104,600 of 200,000 rows"
                + "  38,200 rows/s  ETA 2 s",
            "stream      lag 1.1 MB 300 ms  delta 1,204 keys  35,000 changes applied",
            "work        chunk 480 ms (12,000 rows)  2 threads");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 12, 13, 20, 40, 60, 79, 80, 132, 500})
  void neverExceedsTheWidth(int width) {
    for (String throttle :
        List.of("", "replica lag of db2 is above 10 s, which is a long reason")) {
      assertThat(plain.lines(Samples.progress(throttle), width))
          .hasSize(3)
          .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(width));
    }
  }

  @Test
  void showsAllNumbersOnAnOrdinaryTerminal() {
    assertThat(plain.lines(Samples.progress(""), 79).get(0))
        .isEqualTo(
            "copying     [####.....] 52.3 %  104,600 of 200,000 rows  38,200 rows/s  ETA 2 s");
  }

  @Test
  void leavesOutTheBarBeforeTheNumbersOnANarrowTerminal() {
    assertThat(plain.lines(Samples.progress(""), 30).get(0)).startsWith("copying     52.3 %");
  }

  @Test
  void namesTheReasonForSlownessFirst() {
    assertThat(plain.lines(Samples.progress("replica lag"), 80).get(2))
        .isEqualTo("work        throttled: replica lag  chunk 480 ms (12,000 rows)  2 threads");
  }

  @Test
  void keepsMessagesOfSeveralLinesOnOne() {
    assertThat(plain.lines(Samples.progress("slow:\n  Detail: disk"), 80).get(2))
        .startsWith("work        throttled: slow:; Detail: disk");
  }

  @Test
  void showsNoBarWhereNoTotalIsKnown() {
    assertThat(plain.lines(Samples.progressWithoutTotal(), 80).get(0))
        .isEqualTo("catching up one key left");
  }

  @Test
  void drawsBlocksAndColorsOnlyWhereAllowed() {
    ProgressBlock rich = new ProgressBlock(true, true);
    String first = rich.lines(Samples.progress(""), 100).get(0);
    assertThat(first).contains("\u2588").contains("\u2591").startsWith("\u001b[1;36mcopying");
    assertThat(plain.lines(Samples.progress(""), 100).toString()).doesNotContain("\u001b");
  }
}

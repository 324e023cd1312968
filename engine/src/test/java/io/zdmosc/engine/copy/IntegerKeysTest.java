package io.zdmosc.engine.copy;

import static io.zdmosc.engine.spi.KeyLocation.BEYOND;
import static io.zdmosc.engine.spi.KeyLocation.COPIED;
import static io.zdmosc.engine.spi.KeyLocation.IN_FLIGHT;
import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.spi.CopyLayout;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.KeyLocation;
import io.zdmosc.engine.spi.KeyRange;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class IntegerKeysTest {

  @Test
  void rangesAreOpenBelowAndClosedAbove() {
    CopyLayout layout =
        layout("30", false, new KeyRange(null, key("-5")), new KeyRange(key("10"), key("20")));

    assertThat(locate(layout, "-6", "-5", "-4", "10", "11", "20", "21", "30", "31"))
        .containsExactly(
            IN_FLIGHT, IN_FLIGHT, COPIED, COPIED, IN_FLIGHT, IN_FLIGHT, COPIED, COPIED, BEYOND);
  }

  @Test
  void theLastRangeHasNoUpperBound() {
    assertThat(locate(layout("30", true, new KeyRange(key("30"), null)), "30", "31", "99"))
        .containsExactly(COPIED, IN_FLIGHT, IN_FLIGHT);
    assertThat(locate(layout("30", true), "31")).containsExactly(COPIED);
  }

  @Test
  void numbersAreComparedAsNumbersUpToUnsigned64Bits() {
    CopyLayout layout = layout("9223372036854775807", false);

    assertThat(locate(layout, "9", "10", "9223372036854775808", "18446744073709551615"))
        .containsExactly(COPIED, COPIED, BEYOND, BEYOND);
  }

  @Test
  void beforeTheFirstChunkEverythingIsBeyond() {
    CopyLayout nothing = new CopyLayout(Optional.empty(), false, List.of(), 0);

    assertThat(locate(nothing, "-1", "0")).containsExactly(BEYOND, BEYOND);
  }

  private static List<KeyLocation> locate(CopyLayout layout, String... keys) {
    return IntegerKeys.locate(Stream.of(keys).map(IntegerKeysTest::key).toList(), layout);
  }

  private static CopyLayout layout(String frontier, boolean complete, KeyRange... inFlight) {
    return new CopyLayout(Optional.of(key(frontier)), complete, List.of(inFlight), 1);
  }

  private static Key key(String number) {
    return Key.of(number);
  }
}

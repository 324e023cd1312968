package io.zdmosc.harness.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.durable.MigrationOrder;
import io.zdmosc.engine.durable.RecordText;
import io.zdmosc.engine.durable.Recorded;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.plan.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordTextTest {
  private enum Colour {
    RED
  }

  private record Inner(String name, char kind, Integer maybe) {}

  private record Outer(
      long number,
      int count,
      boolean flag,
      double ratio,
      Colour colour,
      Duration time,
      Instant at,
      Optional<String> given,
      Optional<Inner> missing,
      List<Inner> inner,
      List<String> holes,
      Map<String, String> map) {}

  private record Small(long number, String text) {}

  @Test
  void givesBackWhatWasWritten() {
    Outer value =
        new Outer(
            Long.MAX_VALUE,
            -1,
            true,
            0.25,
            Colour.RED,
            Duration.ofMillis(1_500),
            Instant.parse("2026-11-22T01:00:00.123Z"),
            Optional.of(""),
            Optional.empty(),
            List.of(new Inner("a\"b\\c\n\t\u0001é\ud83d\ude00", '\'', null), new Inner("", 'x', 7)),
            new ArrayList<>(Arrays.asList("one", null)),
            Map.of("key \"1\"", "{}[],:"));
    assertThat(RecordText.read(RecordText.write(value), Outer.class)).isEqualTo(value);
  }

  @Test
  void givesBackAnOrder() {
    Plan plan =
        new Plan(
            "\"a\".\"t\"",
            "t",
            "ADD COLUMN x int",
            List.of("id"),
            "pk",
            List.of(new Plan.ColumnPlan("id", "int", "id", true)),
            List.of(new Plan.PlanStep("copy", "", "")),
            List.of(),
            new Plan.TableSize(1, 2, 3));
    MigrationOrder order =
        new MigrationOrder(new ChangeRequest("t", "ADD COLUMN x int"), RunOptions.defaults(), plan);
    assertThat(RecordText.read(RecordText.write(order), MigrationOrder.class)).isEqualTo(order);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{\"number\":1}",
        "{\"number\":1,\"text\":\"a\",\"more\":1}",
        "{\"number\":1,\"other\":\"a\"}",
        "{\"number\":null,\"text\":\"a\"}",
        "{\"number\":\"1\",\"text\":\"a\"}",
        "{\"number\":1,\"text\":2}",
        "{\"number\":1,\"text\":\"a\"}}",
        "{\"number\":1,\"text\":\"a"
      })
  void refusesWhatAnotherVersionWroteOrSomebodyBroke(String text) {
    assertThatThrownBy(() -> RecordText.read(text, Small.class))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Recorded.known(text, Small.class)).isEmpty();
    assertThatThrownBy(() -> Recorded.read(7, text, Small.class))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("migration 7")
        .hasMessageContaining("another version of zdm-osc");
  }
}

package io.zdmosc.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.plan.Plan;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTextTest {

  @Test
  void whatTheWayBackLacksIsAnOptionToGiveOrASentence() {
    Plan.WayBack way =
        new Plan.WayBack(
            List.of(),
            List.of(
                new Problem("column a", "is dropped by the change", "--reverse 'a = 1'"),
                new Problem("table t", "has no unique index on a", "Create one first.")),
            List.of());
    assertThat(PlanText.full(Samples.plan().withWayBack(way)))
        .contains(
            "Missing    column a is dropped by the change; give --reverse 'a = 1'",
            "Missing    table t has no unique index on a. Create one first.");
  }
}

package io.zdmosc.harness.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.harness.workload.model.Effect;
import io.zdmosc.harness.workload.model.Model;
import io.zdmosc.harness.workload.model.Row;
import io.zdmosc.harness.workload.model.RowId;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelTest {
  private final Model model = new Model(3);
  private final RowId id = model.id(1, 5);

  @Test
  void idsOfOwnersNeverMeet() {
    assertThat(model.id(0, 7).slot()).isNotEqualTo(model.id(1, 7).slot());
    assertThat(model.id(model.hotOwner(), 0).slot()).isNotEqualTo(model.id(0, 1).slot());
  }

  @Test
  void theHighestVersionWinsInWhateverOrderCommitsAreHeardOf() {
    model.apply(List.of(new Effect.Put(id, Row.of("1", "first"))));
    model.apply(List.of(new Effect.Newest(id, Row.of("3", "third"), 0)));
    model.apply(List.of(new Effect.Newest(id, Row.of("2", "second"), 0)));
    assertThat(model.row(id)).contains(Row.of("3", "third"));
  }

  @Test
  void incrementsAddUp() {
    model.apply(List.of(new Effect.Put(id, Row.of("1", null))));
    model.apply(List.of(new Effect.Increment(id, 0), new Effect.Increment(id, 0)));
    assertThat(model.row(id)).contains(Row.of("3", null));
  }

  @Test
  void unresolvedRowsAreNotHandedOut() {
    model.apply(List.of(new Effect.Put(id, Row.of("1"))));
    assertThat(model.near(1, 0)).contains(id);
    model.markUnresolved(List.of(new Effect.Remove(id)));
    assertThat(model.near(1, 0)).isEmpty();
    assertThat(model.unresolved()).containsExactly(id);
  }
}

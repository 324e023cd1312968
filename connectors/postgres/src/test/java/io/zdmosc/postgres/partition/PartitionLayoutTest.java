package io.zdmosc.postgres.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.Partitioning;
import io.zdmosc.engine.error.RefusedException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionLayoutTest {
  private static List<Partition> partitions(String... texts) {
    return PartitionLayout.of(new Partitioning("RANGE (a)", List.of(texts)), "t").partitions();
  }

  @Test
  void aRangeOfTheCalendarEndsBeforeItsEnd() {
    assertThat(partitions("monthly:2023-11..2024-02"))
        .containsExactly(
            new Partition("t_2023_11", "FOR VALUES FROM ('2023-11-01') TO ('2023-12-01')"),
            new Partition("t_2023_12", "FOR VALUES FROM ('2023-12-01') TO ('2024-01-01')"),
            new Partition("t_2024_01", "FOR VALUES FROM ('2024-01-01') TO ('2024-02-01')"));
    assertThat(partitions("daily:2024-02-28..2024-03-01"))
        .containsExactly(
            new Partition("t_2024_02_28", "FOR VALUES FROM ('2024-02-28') TO ('2024-02-29')"),
            new Partition("t_2024_02_29", "FOR VALUES FROM ('2024-02-29') TO ('2024-03-01')"));
    assertThat(partitions("weekly:2024-12-30..2025-01-13"))
        .containsExactly(
            new Partition("t_2025_w01", "FOR VALUES FROM ('2024-12-30') TO ('2025-01-06')"),
            new Partition("t_2025_w02", "FOR VALUES FROM ('2025-01-06') TO ('2025-01-13')"));
    assertThat(partitions("yearly:2023..2024", "default"))
        .containsExactly(
            new Partition("t_2023", "FOR VALUES FROM ('2023-01-01') TO ('2024-01-01')"),
            new Partition("t_default", "DEFAULT"));
  }

  @Test
  void aHashHasEachRemainderOnce() {
    assertThat(partitions("hash:2"))
        .containsExactly(
            new Partition("t_0", "FOR VALUES WITH (MODULUS 2, REMAINDER 0)"),
            new Partition("t_1", "FOR VALUES WITH (MODULUS 2, REMAINDER 1)"));
  }

  @Test
  void aLineIsANameAndItsBound() {
    assertThat(
            partitions(
                "Eu for values in ('a', ')'';')",
                "\"U s\" FOR VALUES FROM (MINVALUE, 1) TO (now(), MAXVALUE)",
                "rest  DEFAULT"))
        .containsExactly(
            new Partition("eu", "for values in ('a', ')'';')"),
            new Partition("U s", "FOR VALUES FROM (MINVALUE, 1) TO (now(), MAXVALUE)"),
            new Partition("rest", "DEFAULT"));
  }

  @Test
  void generatedNamesKeepWhatTellsThemApart() {
    PartitionLayout layout =
        PartitionLayout.of(
            new Partitioning("RANGE (a)", List.of("monthly:2023-01..2023-03")), "ä".repeat(31));
    assertThat(layout.partitions())
        .extracting(Partition::name)
        .containsExactly("ä".repeat(27) + "_2023_01", "ä".repeat(27) + "_2023_02");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "monthly:2023-01",
        "monthly:2023-02..2023-01",
        "monthly:2023-01..2023-01",
        "monthly:2023-01-15..2023-03",
        "weekly:2023-01-01..2023-03-05",
        "daily:2023-02-30..2023-03-05",
        "daily:1900-01-01..2023-03-05",
        "hourly:1..2",
        "hash:0",
        "hash:many",
        "a",
        "a FOR VALUES",
        "a FOR VALUES IN (1",
        "a FOR VALUES IN (1); SELECT 1",
        "a FOR VALUES IN (1) PARTITION BY LIST (b)",
        "a FOR VALUES IN (1) TABLESPACE x",
        "a DEFAULT PARTITION BY LIST (b)",
        "a DEFAULT; SELECT 1",
      })
  void whatIsNoPartitionIsRefused(String text) {
    assertThatThrownBy(() -> partitions(text)).isInstanceOf(RefusedException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "RANGE",
        "RANGE a",
        "RANGE ()",
        "RANGE (a",
        "RANGE (a) TABLESPACE b",
        "RANGE (a); SELECT 1",
        "RANGE (a;b)",
        "RANGE (a) (b)",
        "SYSTEM (a)",
        "RANGE ('a)",
      })
  void whatIsNoKeyIsRefused(String by) {
    assertThatThrownBy(() -> PartitionLayout.of(new Partitioning(by, List.of("default")), "t"))
        .isInstanceOf(RefusedException.class);
  }

  @Test
  void expressionsAreTheServersAffair() {
    String by = "range (date_trunc('month', a), (b || ')') COLLATE \"C\" text_ops)";
    assertThat(PartitionLayout.of(new Partitioning(by, List.of()), "t").key()).isEqualTo(by);
  }

  @Test
  void aNameIsGivenOnceAndFits() {
    assertThatThrownBy(() -> partitions("default", "t_default DEFAULT"))
        .hasMessageContaining("twice");
  }
}

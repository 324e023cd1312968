package io.zdmosc.postgres.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.error.MigrationFailedException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class FailuresTest {

  @Test
  void whoLacksARightIsToldWhoHasIt() {
    MigrationFailedException failure =
        Failures.failed(
            "reading zdm_osc",
            new SQLException("ERROR: permission denied for schema zdm_osc", "42501"));
    assertThat(failure).hasMessageContaining("permission denied for schema zdm_osc");
    assertThat(failure.next()).contains("GRANT").doesNotContain("migration again");
    assertThat(failure.isPassing()).isFalse();
  }
}

package io.zdmosc.postgres.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.error.RefusedException;
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

  @Test
  void whoLacksARightBeforeAnythingWasDoneIsRefused() {
    SQLException denied = new SQLException("ERROR: permission denied for table p", "42501");
    assertThat(Failures.failedBefore("planning the change", denied))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("planning the change: ERROR: permission denied for table p")
        .hasMessageContaining("GRANT");
    assertThat(Failures.failedBefore("planning the change", new SQLException("oops", "XX000")))
        .isInstanceOf(MigrationFailedException.class);
  }
}

package io.zdmosc.mysql.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.error.RefusedException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailuresTest {

  @Test
  void whoLacksARightIsToldToGetIt() {
    MigrationFailedException failure =
        Failures.failed(
            "reading zdm_osc", new SQLException("SELECT command denied to user", "42000", 1142));
    assertThat(failure).hasMessageContaining("SELECT command denied");
    assertThat(failure.next()).contains("GRANT").doesNotContain("migration again");
    assertThat(failure.isPassing()).isFalse();
  }

  @Test
  void whoLacksARightBeforeAnythingWasDoneIsRefused() {
    SQLException denied = new SQLException("SELECT command denied to user", "42000", 1142);
    assertThat(Failures.failedBefore("planning the change", denied))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("planning the change: SELECT command denied")
        .hasMessageContaining("GRANT");
    assertThat(Failures.failedBefore("planning the change", new SQLException("oops")))
        .isInstanceOf(MigrationFailedException.class);
  }

  /** Of the server, of the user, and of his account. */
  @ParameterizedTest
  @ValueSource(ints = {1040, 1203, 1226})
  void aConnectionTooManyMayBeHadLater(int error) {
    assertThat(Failures.failed("connecting", new SQLException("Too many", "42000", error)))
        .matches(MigrationFailedException::isPassing);
  }
}

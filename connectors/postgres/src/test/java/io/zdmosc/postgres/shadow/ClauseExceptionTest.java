package io.zdmosc.postgres.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class ClauseExceptionTest {
  @Test
  void tellsNoPlaceInAStatementThatTheUserHasNotWritten() {
    SQLException words =
        new SQLException("ERROR: syntax error at or near \"int\"\n  Position: 55", "42601");
    assertThat(new ClauseException("ADD COLUM x int", words).getMessage())
        .isEqualTo("ERROR: syntax error at or near \"int\"");
  }

  @Test
  void tellsWhereItHappenedOtherwise() {
    SQLException words =
        new SQLException(
            "ERROR: no\n  Position: 3\n  Where: PL/pgSQL function f() line 1", "P0001");
    assertThat(new ClauseException("ADD COLUMN x int", words).getMessage())
        .isEqualTo("ERROR: no\n  Where: PL/pgSQL function f() line 1");
  }
}

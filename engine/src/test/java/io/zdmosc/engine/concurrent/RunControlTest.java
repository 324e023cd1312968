package io.zdmosc.engine.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunControlTest {
  private final RunControl control = new RunControl();

  @ParameterizedTest
  @ValueSource(strings = {"57014", "70100"})
  void aCancelledStatementIsJudgedByTheFailureItWasCancelledFor(String state) {
    RuntimeException first = new IllegalStateException("a row does not fit");
    control.fail(first);

    assertThat(control.causeOf(wrapped(state))).isSameAs(first);
  }

  @Test
  void aCancelledStatementWithoutAnotherFailureIsItsOwnCause() {
    RuntimeException cancelled = wrapped("57014");

    assertThat(control.causeOf(cancelled)).isSameAs(cancelled);
  }

  @Test
  void anyOtherFailureIsItsOwnCause() {
    control.fail(new IllegalStateException("first"));
    RuntimeException other = wrapped("22001");

    assertThat(control.causeOf(other)).isSameAs(other);
  }

  @Test
  void theFirstFailureIsKeptWithTheLaterOnesInIt() {
    RuntimeException first = new IllegalStateException("first");
    RuntimeException second = new IllegalStateException("second");
    control.fail(first);
    control.fail(second);

    assertThat(control.failure()).contains(first);
    assertThat(first.getSuppressed()).containsExactly(second);
  }

  private static RuntimeException wrapped(String state) {
    return new IllegalStateException("outer", new SQLException("inner", state));
  }
}

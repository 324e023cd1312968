package io.zdmosc.engine.error;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.MigrationState;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BusyExceptionTest {

  @ParameterizedTest
  @CsvSource({
    "COPYING, true, zdm-osc abort --id 7",
    "COPYING, false, zdm-osc resume --id 7",
    "SWAPPED, true, zdm-osc contract --id 7",
    "SWAPPED, false, zdm-osc contract --id 7"
  })
  void whatCanBeDoneAboutTheOtherOneIsNamed(MigrationState state, boolean alive, String command) {
    Problem problem = BusyException.unfinished("t", 7, state, alive).problems().get(0);
    assertThat(problem.remedy()).contains(command);
    if (state == MigrationState.SWAPPED) {
      assertThat(problem.remedy()).doesNotContain("abort").contains("zdm-osc rollback --id 7");
    }
  }
}

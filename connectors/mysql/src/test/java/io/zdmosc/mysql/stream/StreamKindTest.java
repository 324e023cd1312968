package io.zdmosc.mysql.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.error.RefusedException;
import org.junit.jupiter.api.Test;

class StreamKindTest {
  @Test
  void theBinlogIsReadDirectly() {
    assertThat(StreamKind.of("")).isEqualTo(StreamKind.BINLOG);
    assertThat(StreamKind.of("Binlog")).isEqualTo(StreamKind.BINLOG);
  }

  @Test
  void otherNamesAreRefusedWithTheChoice() {
    assertThatThrownBy(() -> StreamKind.of("pgoutput"))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("pgoutput")
        .hasMessageContaining("binlog");
  }
}

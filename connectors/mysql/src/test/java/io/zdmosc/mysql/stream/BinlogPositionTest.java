package io.zdmosc.mysql.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BinlogPositionTest {
  @Test
  void filesAreOrderedByTheirNumber() {
    assertThat(BinlogPosition.of("binlog.999999", 900))
        .isLessThan(BinlogPosition.of("binlog.1000000", 4));
    assertThat(BinlogPosition.of("my.bin.log.000002", 4))
        .isLessThan(BinlogPosition.of("my.bin.log.000002", 5L << 32));
  }

  @Test
  void offsetsGoOnBeyondWhatEventsCanSay() {
    long edge = 1L << 32;
    assertThat(PositionWidening.widen(4, 500)).isEqualTo(500);
    assertThat(PositionWidening.widen(edge - 10, 20)).isEqualTo(edge + 20);
    assertThat(PositionWidening.widen(edge + 20, 30)).isEqualTo(edge + 30);
    assertThat(PositionWidening.widen(3 * edge - 1, 0)).isEqualTo(3 * edge);
    assertThat(PositionWidening.widen(edge + 5, 5)).isEqualTo(edge + 5);
  }
}

package io.zdmosc.mysql.flush;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GtidSetTest {
  private static final String A = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
  private static final String B = "4e11fa47-71ca-11e1-9e33-c80aa9429562";

  @Test
  void knowsTheEndsOfItsIntervals() {
    GtidSet set = GtidSet.parse(A + ":2-5:7:9-9");

    assertThat(set.contains(A + ":1")).isFalse();
    assertThat(set.contains(A + ":2")).isTrue();
    assertThat(set.contains(A + ":5")).isTrue();
    assertThat(set.contains(A + ":6")).isFalse();
    assertThat(set.contains(A + ":7")).isTrue();
    assertThat(set.contains(A + ":8")).isFalse();
    assertThat(set.contains(A + ":9")).isTrue();
    assertThat(set.contains(A + ":10")).isFalse();
  }

  @Test
  void keepsServersApart() {
    GtidSet set = GtidSet.parse(A + ":1-5,\n" + B + ":8");

    assertThat(set.contains(A + ":8")).isFalse();
    assertThat(set.contains(B + ":8")).isTrue();
    assertThat(set.contains(B + ":5")).isFalse();
  }

  /** MySQL 8.3 and newer: a tag holds for the intervals behind it, until the next one. */
  @Test
  void keepsTagsApart() {
    GtidSet set = GtidSet.parse(A + ":1-3:blue:1-9:20:green:4");

    assertThat(set.contains(A + ":3")).isTrue();
    assertThat(set.contains(A + ":9")).isFalse();
    assertThat(set.contains(A + ":blue:9")).isTrue();
    assertThat(set.contains(A + ":blue:20")).isTrue();
    assertThat(set.contains(A + ":blue:4")).isTrue();
    assertThat(set.contains(A + ":blue:10")).isFalse();
    assertThat(set.contains(A + ":green:4")).isTrue();
    assertThat(set.contains(A + ":green:20")).isFalse();
  }

  @Test
  void takesLettersInAnyCase() {
    assertThat(GtidSet.parse(A.toUpperCase() + ":4").contains(A + ":4")).isTrue();
    assertThat(GtidSet.parse(A + ":4").contains(A.toUpperCase() + ":4")).isTrue();
  }

  @Test
  void isEmptyWhereNothingWasExecuted() {
    assertThat(GtidSet.parse("").contains(A + ":1")).isFalse();
  }

  @Test
  void knowsNumbersBeyondThoseOfAnInt() {
    GtidSet set = GtidSet.parse(A + ":1-9223372036854775806");

    assertThat(set.contains(A + ":9223372036854775806")).isTrue();
    assertThat(set.contains(A + ":9223372036854775807")).isFalse();
  }
}

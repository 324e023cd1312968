package io.zdmosc.engine.badrow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.spi.Key;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BadRowTest {

  @Property
  void theOneBadRowIsFoundWithItsOwnReason(
      @ForAll @IntRange(min = 1, max = 300) int rows, @ForAll @IntRange(max = 299) int at) {
    Key bad = key(at % rows);

    Optional<BadRow> found =
        BadRow.search(keys(rows), some -> refusalOf(some.stream().filter(bad::equals).toList()));

    assertThat(found).contains(new BadRow(bad, "refused " + List.of(bad)));
  }

  @Test
  void oneOfSeveralIsFound() {
    List<Key> bad = List.of(key(3), key(70), key(71));

    BadRow found =
        BadRow.search(keys(100), some -> refusalOf(some.stream().filter(bad::contains).toList()))
            .orElseThrow();

    assertThat(bad).contains(found.key());
    assertThat(found.reason()).isEqualTo("refused " + List.of(found.key()));
  }

  @Test
  void aRowThatWasMendedMeanwhileIsNotReported() {
    assertThat(BadRow.search(keys(10), some -> Optional.empty())).isEmpty();
    assertThat(BadRow.search(List.<Key>of(), some -> Optional.of("never asked"))).isEmpty();
  }

  @Test
  void otherErrorsComeOut() {
    assertThatThrownBy(
            () ->
                BadRow.search(
                    keys(2),
                    some -> {
                      throw new IOException("gone");
                    }))
        .isInstanceOf(IOException.class);
  }

  @Test
  void theErrorNamesTheKeyAndTheRowsOwnReason() {
    Exception first = new IllegalStateException("about another row");

    assertThat(BadRow.copied("t", Optional.of(new BadRow(key(7), "too long")), first))
        .hasMessage("A row of t, key 7, does not fit the new table: too long")
        .hasCause(first);
    assertThat(BadRow.written("t", Optional.empty(), first))
        .hasMessageEndingWith("wrote to t does not fit the new table: about another row");
  }

  private static Optional<String> refusalOf(List<Key> bad) {
    return bad.isEmpty() ? Optional.empty() : Optional.of("refused " + bad);
  }

  private static List<Key> keys(int count) {
    return IntStream.range(0, count).mapToObj(BadRowTest::key).toList();
  }

  private static Key key(int number) {
    return Key.of(String.valueOf(number));
  }
}

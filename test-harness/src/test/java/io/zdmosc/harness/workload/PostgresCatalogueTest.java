package io.zdmosc.harness.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.zdmosc.harness.workload.postgres.PostgresCatalogue;
import io.zdmosc.harness.workload.postgres.PostgresKeys;
import io.zdmosc.harness.workload.table.KeyKind;
import io.zdmosc.harness.workload.table.TableCase;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class PostgresCatalogueTest {
  static final List<KeyKind> KEYS = PostgresKeys.ALL;

  @Test
  void everyChangeAndEveryKindOfKeyHasACase() {
    List<String> names = PostgresCatalogue.all().stream().map(TableCase::name).toList();
    assertThat(names).doesNotHaveDuplicates();
    assertThat(PostgresCatalogue.CHANGES)
        .allSatisfy(
            change -> assertThat(names).anyMatch(name -> name.endsWith("/" + change.name())));
    assertThat(PostgresKeys.ALL)
        .allSatisfy(key -> assertThat(names).anyMatch(name -> name.startsWith(key.name() + "/")));
  }

  @Test
  void clausesAreJoinedAsAUserWouldTypeThem() {
    assertThat(PostgresCatalogue.named("bigserial/using_cents").change().alter())
        .isEqualTo(
            "ALTER COLUMN \"amount\" TYPE bigint USING round(\"amount\" * 100)::bigint,"
                + " RENAME COLUMN \"era\" TO \"era_after\"");
  }

  @ParameterizedTest
  @FieldSource("KEYS")
  void keysOfDifferentSlotsDiffer(KeyKind kind) {
    Set<List<String>> seen = new HashSet<>();
    long slots = Math.min(kind.capacity(), 20_000);
    for (long slot = 0; slot < slots; slot++) {
      List<String> key = kind.key(slot, 0);
      if (key.size() != kind.columns().size() || !seen.add(key)) {
        fail("slot " + slot + " has the key " + key);
      }
    }
  }
}

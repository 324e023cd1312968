package io.zdmosc.harness.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.zdmosc.harness.workload.mysql.MySqlCatalogue;
import io.zdmosc.harness.workload.postgres.PostgresCatalogue;
import io.zdmosc.harness.workload.table.Catalogue;
import io.zdmosc.harness.workload.table.KeyKind;
import io.zdmosc.harness.workload.table.TableCase;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class CatalogueTest {
  static final List<Catalogue> CATALOGUES =
      List.of(PostgresCatalogue.ALL, MySqlCatalogue.MYSQL, MySqlCatalogue.MARIADB);

  static final List<KeyKind> KEYS =
      CATALOGUES.stream().map(Catalogue::keys).flatMap(List::stream).distinct().toList();

  @ParameterizedTest
  @FieldSource("CATALOGUES")
  void everyChangeAndEveryKindOfKeyHasACase(Catalogue catalogue) {
    List<String> names = catalogue.all().stream().map(TableCase::name).toList();
    assertThat(names).doesNotHaveDuplicates();
    assertThat(catalogue.changes())
        .allSatisfy(
            change -> assertThat(names).anyMatch(name -> name.endsWith("/" + change.name())));
    assertThat(catalogue.keys())
        .allSatisfy(key -> assertThat(names).anyMatch(name -> name.startsWith(key.name() + "/")));
  }

  @Test
  void clausesAreJoinedAsAUserWouldTypeThem() {
    assertThat(PostgresCatalogue.ALL.named("bigserial/using_cents").change().alter())
        .isEqualTo(
            "ALTER COLUMN \"amount\" TYPE bigint USING round(\"amount\" * 100)::bigint,"
                + " RENAME COLUMN \"era\" TO \"era_after\"");
    assertThat(MySqlCatalogue.MYSQL.named("int_auto/swap_names").change().alter())
        .isEqualTo(
            "RENAME COLUMN `era` TO `era_after`, RENAME COLUMN `note` TO `big`,"
                + " RENAME COLUMN `big` TO `note`");
  }

  @Test
  void mySqlHasEveryKindOfKeyThatServersTreatInTheirOwnWay() {
    assertThat(types(MySqlCatalogue.MYSQL))
        .contains("bigint unsigned", "bit(64)", "binary(8)", "binary(16)", "datetime(6)", "time(2)")
        .anyMatch(type -> type.contains("utf8mb4_0900_ai_ci"))
        .anyMatch(type -> type.contains("latin1"))
        .anyMatch(type -> type.startsWith("enum"))
        .anyMatch(type -> type.startsWith("set"));
    assertThat(types(MySqlCatalogue.MARIADB))
        .contains("uuid", "inet6")
        .anyMatch(type -> type.contains("utf8mb4_uca1400_ai_ci"));
  }

  private static List<String> types(Catalogue catalogue) {
    return catalogue.keys().stream()
        .flatMap(key -> key.columns().stream())
        .flatMap(column -> Stream.of(column.type()))
        .toList();
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

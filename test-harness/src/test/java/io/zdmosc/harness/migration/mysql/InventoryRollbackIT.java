package io.zdmosc.harness.migration.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.Orders.Ending;
import io.zdmosc.harness.migration.HeldMigration;
import io.zdmosc.harness.migration.mysql.InventoryIT.Inventory;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A table with everything is after a rollback what it was, with all that belongs to it. */
class InventoryRollbackIT {
  static Stream<Arguments> inventories() {
    return InventoryIT.inventories()
        .filter(each -> !((Inventory) each.get()[0]).name().contains("size"))
        .filter(each -> !((Inventory) each.get()[0]).alter().isEmpty());
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("inventories")
  void everythingIsAsItWas(Inventory inventory, MySqlRelease release) throws Exception {
    try (MySqlDatabase database = SharedMySqlServers.freshDatabase(release)) {
      inventory.make(database);
      List<String> wanted = OwnedFacts.of(database, InventoryIT.TABLE);
      try (HeldMigration held =
          HeldMigration.begin(
              () -> MySqlRuns.open(database), InventoryIT.QUOTED, inventory.alter(), Map.of())) {
        String others = inventory.name().equals("everything") ? ", d = d" : "";
        for (String change : List.of("n = n + 1000", "n = n - 1000")) {
          database.execute(
              "SET SESSION timestamp = 1600000000",
              "UPDATE " + InventoryIT.QUOTED + " SET " + change + others + " ORDER BY id LIMIT 2");
        }
        Summary summary = held.end(Ending.ROLLBACK_AND_DROP);
        assertThat(summary.state()).isEqualTo(MigrationState.ROLLED_BACK);
        assertThat(summary.divergentRows()).isZero();
        assertThat(summary.notes()).isEmpty();
      }
      List<String> lost = new ArrayList<>(wanted);
      List<String> unexpected = new ArrayList<>(OwnedFacts.of(database, InventoryIT.TABLE));
      List.copyOf(unexpected).forEach(lost::remove);
      wanted.forEach(unexpected::remove);
      assertThat(lost).as("lost, while there is: %s", unexpected).isEmpty();
      assertThat(unexpected).isEmpty();
      MySqlTraces.assertNone(database);
      database.execute("DROP USER IF EXISTS " + InventoryIT.owner(database));
    }
  }
}

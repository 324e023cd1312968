package io.zdmosc.harness.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.spi.Orders.Ending;
import io.zdmosc.harness.server.PostgresServer;
import io.zdmosc.harness.server.ServerSpec;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A held pair outlives a crash of its server, and goes back to where it came from. */
class HeldAcrossRestartIT {

  /** The table moves to another schema and takes its sequence along, both ways. */
  @Test
  void tableThatChangesItsSchemaRollsBackWithItsSequence() throws Exception {
    try (PostgresServer server = PostgresServer.start(ServerSpec.of(SharedServers.newestMajor()));
        TestDatabase database = server.createDatabase("held")) {
      database.execute(
          "CREATE SCHEMA archive",
          "CREATE TABLE public.crashed (id serial PRIMARY KEY, n int)",
          "INSERT INTO public.crashed (n) SELECT g FROM generate_series(1, 100) AS g");
      try (HeldMigration held =
          HeldMigration.begin(
              () -> Runs.open(database),
              "public.crashed",
              "SET SCHEMA archive, ALTER COLUMN id TYPE bigint",
              Map.of())) {
        database.execute("INSERT INTO archive.crashed (n) SELECT 1 FROM generate_series(1, 10)");
        server.killImmediately();
        server.startAgain();
        database.execute(
            "INSERT INTO archive.crashed (n) SELECT 1 FROM generate_series(1, 10)",
            "UPDATE archive.crashed SET n = 1000 WHERE id = 50",
            "DELETE FROM archive.crashed WHERE id = 51");
        held.awaitDetail(HeldMigration.FOLLOWING);
        database.execute("INSERT INTO archive.crashed (n) VALUES (1)");
        assertThat(held.end(Ending.ROLLBACK_AND_DROP).state())
            .as(held.toString())
            .isEqualTo(MigrationState.ROLLED_BACK);
      }
      assertThat(database.queryText("SELECT count(*) FROM public.crashed")).isEqualTo("120");
      assertThat(database.queryText("SELECT n FROM public.crashed WHERE id = 50"))
          .isEqualTo("1000");
      assertThat(database.queryText("SELECT to_regclass('archive.crashed')")).isNull();
      assertThat(database.queryText("SELECT pg_get_serial_sequence('public.crashed', 'id')"))
          .isEqualTo("public.crashed_id_seq");
      assertThat(database.queryText("INSERT INTO public.crashed (n) VALUES (7) RETURNING id > 121"))
          .isEqualTo("t");
      Traces.assertNone(database);
    }
  }
}

package io.zdmosc.harness.throttle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.cli.server.Product;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.guard.Guards;
import io.zdmosc.harness.server.PostgresDatabase;
import io.zdmosc.harness.server.PostgresServer;
import io.zdmosc.harness.server.ServerSpec;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.mysql.MySqlServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A server's disk that really is full, or about to be. */
class FullDiskIT {
  private static final long MB = 1 << 20;
  private static final int PADDING = 400;

  /** Rows that take some 20 MB, and a disk that has less room than that for a copy of them. */
  private static ThrottledRun.Preparation fill(SmallDisk disk, long left) {
    return database -> {
      database.execute("ALTER TABLE throttled ADD COLUMN padding varchar(" + PADDING + ")");
      database.execute("UPDATE throttled SET padding = repeat('x', " + PADDING + ")");
      disk.leave(left);
    };
  }

  private static RunOptions options(long minFree) {
    return ThrottledRun.options()
        .withThreads(8)
        .withRetryTime(Duration.ofMinutes(2))
        .withGuards(new Guards(Optional.empty(), Optional.of(minFree)));
  }

  private static PostgresDatabase onTablespace(PostgresServer server, SmallDisk disk)
      throws Exception {
    Path data = Path.of(server.createDatabase("look").queryText("SHOW data_directory"));
    Path folder = Files.createDirectory(disk.folder().resolve("space"));
    Files.setOwner(folder, Files.getOwner(data));
    server.execute("CREATE TABLESPACE small LOCATION '" + folder + "'");
    server.execute("CREATE DATABASE app");
    server.execute("ALTER DATABASE app SET default_tablespace = 'small'");
    return new PostgresDatabase(server, "app");
  }

  @Test
  void postgresGoesOnWhenTheFullDiskHasRoomAgain() throws Exception {
    try (SmallDisk disk = SmallDisk.ofMegabytes(120);
        PostgresServer server = PostgresServer.start(ServerSpec.of(SharedServers.newestMajor()))) {
      PostgresDatabase database = onTablespace(server, disk);
      try (ThrottledRun run = new ThrottledRun(database, fill(disk, 8 * MB), options(0))) {
        run.awaitNote("No space left on device");
        assertThat(run.status().open()).isTrue();
        disk.makeRoom();
        run.hurry();
        run.endsWell();
      }
    }
  }

  @Test
  void postgresIsSparedTheFullDiskByTheGuard() throws Exception {
    try (SmallDisk disk = SmallDisk.ofMegabytes(120);
        PostgresServer server = PostgresServer.start(ServerSpec.of(SharedServers.newestMajor()))) {
      PostgresDatabase database = onTablespace(server, disk);
      try (ThrottledRun run =
          new ThrottledRun(database, fill(disk, 16 * MB), options(5 * MB).withThreads(1))) {
        givesUp(run);
        assertThat(database.queryText("SELECT count(*) FROM pg_replication_slots")).isEqualTo("0");
        assertThat(database.queryText("SELECT count(*) FROM pg_publication")).isEqualTo("0");
        assertThat(disk.freeBytes()).isGreaterThan(5 * MB);
      }
    }
  }

  private static void givesUp(ThrottledRun run) throws Exception {
    assertThatThrownBy(() -> run.ending().join())
        .cause()
        .isInstanceOf(MigrationFailedException.class)
        .hasMessageContaining("are left on")
        .hasMessageContaining("--min-free");
    assertThat(run.notes).anyMatch(note -> note.contains("the migration gives up at 5.0 MB"));
    assertThat(run.status().open()).isFalse();
  }

  @Test
  void mariaDbIsSparedTheFullDiskByTheGuard() throws Exception {
    try (SmallDisk disk = SmallDisk.ofMegabytes(700);
        MySqlServer server = disk.serverOf(Product.MARIADB)) {
      try (ThrottledRun run =
          new ThrottledRun(
              server.createDatabase("app"), fill(disk, 16 * MB), options(5 * MB).withThreads(1))) {
        givesUp(run);
      }
    }
  }
}

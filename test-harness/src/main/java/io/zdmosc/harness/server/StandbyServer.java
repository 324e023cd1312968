package io.zdmosc.harness.server;

import io.zdmosc.cli.server.Folders;
import io.zdmosc.cli.server.ServerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A streaming standby of an embedded server, made by the server's own backup functions and a copy
 * of its files, since the binaries hold no pg_basebackup. Its physical slot is named {@link
 * #slot()} and dropped by {@link #close()}; so close it before the primary.
 */
public final class StandbyServer implements AutoCloseable {

  private final PostgresServer primary;
  private final EmbeddedPostgresServer standby;
  private final String slot;

  private StandbyServer(PostgresServer primary, EmbeddedPostgresServer standby, String slot) {
    this.primary = primary;
    this.standby = standby;
    this.slot = slot;
  }

  /** Copies the primary and returns when the standby answers queries. */
  public static StandbyServer of(PostgresServer primary) throws SQLException {
    return of(primary, Map.of());
  }

  /** With settings of its own, such as {@code recovery_min_apply_delay}. */
  public static StandbyServer of(PostgresServer primary, Map<String, String> settings)
      throws SQLException {
    if (!(primary instanceof EmbeddedPostgresServer source)) {
      throw new UnsupportedOperationException("a standby needs an embedded primary");
    }
    Path folder = ServerProcess.newFolder();
    String slot = "standby_" + Long.toUnsignedString(System.nanoTime(), 36);
    primary.execute("SELECT pg_create_physical_replication_slot('" + slot + "', true)");
    try {
      backUp(source, folder.resolve("data"));
    } catch (IOException e) {
      throw new ServerException("cannot copy " + source.dataFolder(), e);
    }
    source.programs().handOver(folder);

    Map<String, String> all = new LinkedHashMap<>();
    all.put("hot_standby", "on");
    all.put(
        "primary_conninfo",
        "host=127.0.0.1 port=%d user=%s password=%s application_name=%s"
            .formatted(primary.port(), primary.user(), primary.password(), slot));
    all.put("primary_slot_name", slot);
    all.putAll(settings);
    EmbeddedPostgresServer standby =
        EmbeddedPostgresServer.startOn(folder, primary.major(), source.programs(), all);
    return new StandbyServer(primary, standby, slot);
  }

  private static void backUp(EmbeddedPostgresServer source, Path target)
      throws SQLException, IOException {
    boolean renamed = source.major() >= 15;
    String start =
        renamed
            ? "SELECT pg_backup_start('standby', true)"
            : "SELECT pg_start_backup('standby', true, false)";
    String stop =
        renamed
            ? "SELECT labelfile FROM pg_backup_stop(false)"
            : "SELECT labelfile FROM pg_stop_backup(false, false)";
    // The backup lasts as long as its session.
    try (Connection connection = source.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(start);
      Folders.copy(source.dataFolder(), target, StandbyServer::belongsIntoBackup);
      try (ResultSet rows = statement.executeQuery(stop)) {
        rows.next();
        Files.writeString(target.resolve("backup_label"), rows.getString(1));
      }
    }
    Files.createFile(target.resolve("standby.signal"));
  }

  /** What PostgreSQL's manual lets a backup leave out, and must not take along. */
  private static boolean belongsIntoBackup(Path file) {
    return switch (file.getName(0).toString()) {
      case "postmaster.pid", "postmaster.opts" -> false;
      case "pg_wal",
          "pg_replslot",
          "pg_dynshmem",
          "pg_notify",
          "pg_serial",
          "pg_snapshots",
          "pg_stat_tmp",
          "pg_subtrans" ->
          false;
      default -> !file.getFileName().toString().startsWith("pg_internal.init");
    };
  }

  /** The standby's own server, for connections, stops and restarts. */
  public PostgresServer server() {
    return standby;
  }

  /** The physical slot at the primary; also the standby's application_name there. */
  public String slot() {
    return slot;
  }

  /** Stops replaying what still arrives: replay lag grows. */
  public void pauseReplay() throws SQLException {
    standby.execute("SELECT pg_wal_replay_pause()");
  }

  public void resumeReplay() throws SQLException {
    standby.execute("SELECT pg_wal_replay_resume()");
  }

  @Override
  public void close() throws SQLException {
    standby.close();
    primary.execute("SELECT pg_drop_replication_slot('" + slot + "')");
  }
}

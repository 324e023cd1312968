package io.zdmosc.mysql.control;

import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.Sql;
import java.sql.SQLException;
import java.util.List;

/** The control schema: a database of its own on the same server. */
public final class ControlSchema {
  public static final String NAME = "zdm_osc";

  private static final int NO_DATABASE = 1049;

  private static final List<String> TABLES =
      List.of(
          """
          CREATE TABLE IF NOT EXISTS zdm_osc.migration (
            id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
            table_schema VARCHAR(64) NOT NULL,
            table_name VARCHAR(64) NOT NULL,
            final_name VARCHAR(64) NOT NULL,
            shadow_schema VARCHAR(64) NULL,
            shadow_name VARCHAR(64) NULL,
            retired_schema VARCHAR(64) NULL,
            retired_name VARCHAR(64) NULL,
            alter_clause LONGTEXT NOT NULL,
            dry_run BOOLEAN NOT NULL,
            state VARCHAR(20) NOT NULL,
            detail TEXT NOT NULL,
            owner VARCHAR(255) NOT NULL,
            created_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
            updated_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
            open_table VARBINARY(520) NULL,
            epoch BIGINT UNSIGNED NOT NULL DEFAULT 1,
            requested LONGTEXT NULL,
            prepared LONGTEXT NULL,
            orders TEXT NULL,
            turned TEXT NULL,
            followed LONGTEXT NULL,
            schedule_id BIGINT UNSIGNED NULL,
            UNIQUE KEY one_per_table (open_table),
            UNIQUE KEY one_per_entry (schedule_id)
          ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin\
          """,
          """
          CREATE TABLE IF NOT EXISTS zdm_osc.transition (
            id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
            migration_id BIGINT UNSIGNED NOT NULL,
            at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
            state VARCHAR(20) NOT NULL,
            detail TEXT NOT NULL,
            KEY migration_id (migration_id)
          ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin\
          """,
          """
          CREATE TABLE IF NOT EXISTS zdm_osc.chunk (
            migration_id BIGINT UNSIGNED NOT NULL,
            number BIGINT UNSIGNED NOT NULL,
            lower_key MEDIUMTEXT NULL,
            upper_key MEDIUMTEXT NULL,
            row_count BIGINT UNSIGNED NOT NULL,
            PRIMARY KEY (migration_id, number)
          ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin\
          """,
          """
          CREATE TABLE IF NOT EXISTS zdm_osc.fence (
            migration_id BIGINT UNSIGNED NOT NULL PRIMARY KEY,
            token VARCHAR(64) NOT NULL,
            written_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)
          ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin\
          """,
          """
          CREATE TABLE IF NOT EXISTS zdm_osc.schedule (
            id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
            table_schema VARCHAR(64) NOT NULL,
            table_name VARCHAR(64) NOT NULL,
            alter_clause LONGTEXT NOT NULL,
            requested LONGTEXT NOT NULL,
            priority INT NOT NULL,
            not_before_millis BIGINT NULL,
            state VARCHAR(20) NOT NULL DEFAULT 'waiting',
            detail TEXT NOT NULL,
            owner VARCHAR(255) NOT NULL DEFAULT '',
            added_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
            changed_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)
          ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin\
          """,
          """
          CREATE TABLE IF NOT EXISTS zdm_osc.progress (
            migration_id BIGINT UNSIGNED NOT NULL PRIMARY KEY,
            at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
            report MEDIUMTEXT NOT NULL
          ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin\
          """,
          """
          CREATE TABLE IF NOT EXISTS zdm_osc.commit_probe (
            migration_id BIGINT UNSIGNED NOT NULL PRIMARY KEY,
            at TIMESTAMP(6) NOT NULL
          ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin\
          """,
          """
          CREATE TABLE IF NOT EXISTS zdm_osc.waiting_key (
            migration_id BIGINT UNSIGNED NOT NULL,
            number BIGINT UNSIGNED NOT NULL,
            key_texts MEDIUMTEXT NOT NULL,
            PRIMARY KEY (migration_id, number)
          ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin\
          """,
          """
          CREATE TABLE IF NOT EXISTS zdm_osc.traffic (
            table_schema VARCHAR(64) NOT NULL,
            table_name VARCHAR(64) NOT NULL,
            at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
            table_writes BIGINT NOT NULL,
            server_writes BIGINT NOT NULL,
            PRIMARY KEY (table_schema, table_name, at)
          ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin\
          """,
          """
          CREATE TABLE IF NOT EXISTS zdm_osc.table_trigger (
            migration_id BIGINT UNSIGNED NOT NULL,
            number INT UNSIGNED NOT NULL,
            name VARCHAR(64) NOT NULL,
            timing VARCHAR(10) NOT NULL,
            event VARCHAR(10) NOT NULL,
            definition LONGTEXT NOT NULL,
            sql_mode TEXT NOT NULL,
            charset VARCHAR(64) NOT NULL,
            collation VARCHAR(64) NOT NULL,
            database_collation VARCHAR(64) NOT NULL,
            PRIMARY KEY (migration_id, number)
          ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin\
          """,
          """
          CREATE TABLE IF NOT EXISTS zdm_osc.table_key (
            migration_id BIGINT UNSIGNED NOT NULL PRIMARY KEY,
            exchange LONGTEXT NOT NULL
          ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin\
          """,
          """
          CREATE TABLE IF NOT EXISTS zdm_osc.log_position (
            migration_id BIGINT UNSIGNED NOT NULL PRIMARY KEY,
            file VARCHAR(512) NOT NULL,
            file_offset BIGINT UNSIGNED NOT NULL,
            file_begun BIGINT UNSIGNED NOT NULL
          ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin\
          """);

  private ControlSchema() {}

  /** The quoted, qualified name of a table in it. */
  public static String sqlName(String table) {
    return Sql.name(NAME, table);
  }

  /**
   * Whether it is there. The server hides what the user has no right on: then this throws, since
   * nobody can say.
   */
  static boolean exists(Session session) throws SQLException {
    if (hasTable(session, "fence")) {
      return true;
    }
    try {
      session.execute("SELECT 1 FROM zdm_osc.fence LIMIT 0");
      return true; // made just now
    } catch (SQLException e) {
      if (e.getErrorCode() == NO_DATABASE || Failures.isUndefinedTable(e)) {
        return false;
      }
      throw e;
    }
  }

  private static boolean hasTable(Session session, String name) throws SQLException {
    return session.test(
        "SELECT COUNT(*) FROM information_schema.TABLES"
            + " WHERE TABLE_SCHEMA = 'zdm_osc' AND TABLE_NAME = ?",
        name);
  }

  /** Makes the database if it is not there. */
  public static void createDatabase(Session session) throws SQLException {
    if (!session.test(
        "SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = 'zdm_osc'")) {
      session.execute("CREATE DATABASE IF NOT EXISTS zdm_osc CHARACTER SET utf8mb4");
    }
  }

  /** Makes what is missing; two processes at once do not get in each other's way. */
  public static void create(Session session) throws SQLException {
    createDatabase(session);
    if (!hasTable(session, "traffic")
        || !hasTable(session, "table_trigger")
        || !hasTable(session, "table_key")
        || !hasTable(session, "log_position")
        || !hasTable(session, "progress")
        || !hasTable(session, "schedule")
        || !hasTable(session, "commit_probe")
        || !hasTable(session, "waiting_key")
        || !isComplete(session)) {
      for (String table : TABLES) {
        session.execute(table);
      }
      addColumns(session);
    }
  }

  private static boolean isComplete(Session session) throws SQLException {
    return session.test(
        "SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = 'zdm_osc'"
            + " AND TABLE_NAME = 'migration' AND COLUMN_NAME = 'followed'");
  }

  /** Those that an earlier version did not have. */
  private static void addColumns(Session session) throws SQLException {
    for (String column :
        List.of(
            "epoch BIGINT UNSIGNED NOT NULL DEFAULT 1",
            "requested LONGTEXT NULL",
            "prepared LONGTEXT NULL",
            "orders TEXT NULL",
            "turned TEXT NULL",
            "schedule_id BIGINT UNSIGNED NULL, ADD UNIQUE KEY one_per_entry (schedule_id)",
            "followed LONGTEXT NULL")) {
      boolean there =
          session.test(
              "SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = 'zdm_osc'"
                  + " AND TABLE_NAME = 'migration' AND COLUMN_NAME = ?",
              column.substring(0, column.indexOf(' ')));
      if (!there) {
        session.execute("ALTER TABLE zdm_osc.migration ADD COLUMN " + column);
      }
    }
  }
}

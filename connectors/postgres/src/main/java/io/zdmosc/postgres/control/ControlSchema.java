package io.zdmosc.postgres.control;

import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;

/** The tables of the control schema. */
public final class ControlSchema {
  /** Any number will do, as long as nobody else uses it: it spells zdm. */
  static final int LOCK_CLASS = 0x7a646d;

  /** Of the locks that all connections of a migration share. */
  static final int GUARD_CLASS = LOCK_CLASS + 1;

  /** Of the leases of the schedule's entries. */
  static final int SCHEDULE_CLASS = LOCK_CLASS + 2;

  private static final String DDL =
      """
      CREATE TABLE IF NOT EXISTS zdm_osc.migration (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        table_oid oid NOT NULL,
        table_schema text NOT NULL,
        table_name text NOT NULL,
        final_name text NOT NULL,
        shadow_name text,
        retired_name text,
        alter_clause text NOT NULL,
        dry_run boolean NOT NULL,
        state text NOT NULL,
        detail text NOT NULL DEFAULT '',
        restore_identity text NOT NULL DEFAULT '',
        owner text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        is_open boolean NOT NULL DEFAULT true
      );
      ALTER TABLE zdm_osc.migration
        ADD COLUMN IF NOT EXISTS epoch bigint NOT NULL DEFAULT 1,
        ADD COLUMN IF NOT EXISTS requested text NOT NULL DEFAULT '',
        ADD COLUMN IF NOT EXISTS prepared text,
        ADD COLUMN IF NOT EXISTS orders text,
        ADD COLUMN IF NOT EXISTS schedule_id bigint,
        ADD COLUMN IF NOT EXISTS followed text;
      CREATE UNIQUE INDEX IF NOT EXISTS migration_one_per_table
        ON zdm_osc.migration (table_oid) WHERE is_open;
      CREATE UNIQUE INDEX IF NOT EXISTS migration_one_per_entry
        ON zdm_osc.migration (schedule_id);
      CREATE TABLE IF NOT EXISTS zdm_osc.schedule (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        table_schema text NOT NULL,
        table_name text NOT NULL,
        alter_clause text NOT NULL,
        requested text NOT NULL,
        priority int NOT NULL,
        not_before timestamptz,
        state text NOT NULL DEFAULT 'waiting',
        detail text NOT NULL DEFAULT '',
        owner text NOT NULL DEFAULT '',
        added_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
      );
      CREATE TABLE IF NOT EXISTS zdm_osc.transition (
        migration_id bigint NOT NULL REFERENCES zdm_osc.migration ON DELETE CASCADE,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        state text NOT NULL,
        detail text NOT NULL
      );
      CREATE TABLE IF NOT EXISTS zdm_osc.chunk (
        migration_id bigint NOT NULL REFERENCES zdm_osc.migration ON DELETE CASCADE,
        number bigint NOT NULL,
        lower_key text[],
        upper_key text[],
        rows bigint NOT NULL,
        PRIMARY KEY (migration_id, number)
      );
      CREATE TABLE IF NOT EXISTS zdm_osc.waiting_key (
        migration_id bigint NOT NULL REFERENCES zdm_osc.migration ON DELETE CASCADE,
        number bigint NOT NULL,
        columns text[] NOT NULL,
        PRIMARY KEY (migration_id, number)
      );
      CREATE TABLE IF NOT EXISTS zdm_osc.commit_probe (
        migration_id bigint PRIMARY KEY REFERENCES zdm_osc.migration ON DELETE CASCADE,
        at timestamptz NOT NULL
      );
      CREATE TABLE IF NOT EXISTS zdm_osc.progress (
        migration_id bigint PRIMARY KEY REFERENCES zdm_osc.migration ON DELETE CASCADE,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        report text NOT NULL
      );
      CREATE TABLE IF NOT EXISTS zdm_osc.traffic (
        table_oid oid NOT NULL,
        at timestamptz NOT NULL,
        table_writes bigint NOT NULL,
        server_writes bigint NOT NULL,
        PRIMARY KEY (table_oid, at)
      );
      """;

  private ControlSchema() {}

  static boolean exists(Session session) throws SQLException {
    return hasTable(session, "chunk");
  }

  private static boolean hasTable(Session session, String name) throws SQLException {
    return session.test("SELECT to_regclass('zdm_osc.' || ?::text) IS NOT NULL", name);
  }

  private static boolean isComplete(Session session) throws SQLException {
    return exists(session)
        && session.test(
            "SELECT EXISTS (SELECT FROM pg_attribute WHERE attname = 'followed'"
                + " AND attrelid = 'zdm_osc.migration'::regclass)");
  }

  /** Makes what is missing; two processes at once do not get in each other's way. */
  public static void create(Session session) throws SQLException {
    if (hasTable(session, "traffic")
        && hasTable(session, "progress")
        && hasTable(session, "schedule")
        && hasTable(session, "commit_probe")
        && hasTable(session, "waiting_key")
        && isComplete(session)) {
      return;
    }
    session.transaction(
        () -> {
          session.text("SELECT pg_advisory_xact_lock(?::int, 0)::text", LOCK_CLASS);
          if (!session.test("SELECT to_regnamespace('zdm_osc') IS NOT NULL")) {
            session.execute("CREATE SCHEMA zdm_osc");
          }
          session.execute(DDL);
          return null;
        });
  }
}

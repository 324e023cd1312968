package io.zdmosc.postgres.control;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * What a migration has made on the server, found by name, and its removal.
 *
 * <p>Everything is found by names that carry the migration's number and that the swap takes away,
 * so that a table which serves the application can never be taken for debris.
 */
public final class Debris {
  private static final int TRIES = 20;

  private final Session session;
  private final long migrationId;

  public Debris(Session session, long migrationId) {
    this.session = session;
    this.migrationId = migrationId;
  }

  private record Row(
      String schema, String table, String shadow, String restoreIdentity, boolean rolledBack) {}

  /** What there is, in words. */
  public List<String> list() throws SQLException {
    List<String> found = new ArrayList<>();
    String slot = MigrationNames.slot(session, migrationId);
    if (slotExists(slot)) {
      found.add("replication slot " + slot);
    }
    if (publicationExists()) {
      found.add("publication " + MigrationNames.publication(migrationId));
    }
    views().forEach(view -> found.add(view.words()));
    Optional<Row> row = row();
    if (row.isPresent() && !row.get().rolledBack() && shadowExists(row.get())) {
      found.add("table " + shadowOf(row.get()).orElseThrow());
    }
    restConstraint().ifPresent(table -> found.add("a constraint of " + table));
    row.filter(r -> !r.restoreIdentity().isEmpty())
        .ifPresent(r -> found.add("replica identity of " + name(r.schema(), r.table())));
    return found;
  }

  /** Removes it; what is left, in words with the reason. */
  public List<String> remove() throws SQLException {
    List<String> left = new ArrayList<>();
    forget();
    // the slot first: it is what can fill the server's disk
    String slot = MigrationNames.slot(session, migrationId);
    attempt("replication slot " + slot, left, () -> dropSlot(slot));
    String publication = MigrationNames.publication(migrationId);
    attempt("publication " + publication, left, () -> dropPublication(publication));
    dropViews(left);
    Optional<Row> row = row();
    if (row.isPresent()) {
      Row r = row.get();
      attempt("table " + name(r.schema(), String.valueOf(r.shadow())), left, () -> dropShadow(r));
      attempt("replica identity of " + name(r.schema(), r.table()), left, () -> restore(r));
    }
    String constraint = MigrationNames.rest(migrationId);
    attempt("constraint " + constraint, left, () -> dropRestConstraint(constraint));
    return left;
  }

  /** Who goes on with the migration after this must not believe that anything is there. */
  private void forget() throws SQLException {
    session.transaction(
        () -> {
          session.update(
              "UPDATE zdm_osc.migration SET prepared = NULL WHERE id = ?::bigint", migrationId);
          session.update("DELETE FROM zdm_osc.chunk WHERE migration_id = ?::bigint", migrationId);
          return null;
        });
  }

  /** Removes slot, publication and views aside, for a migration whose shadow table serves. */
  public List<String> removeStream() throws SQLException {
    List<String> left = new ArrayList<>();
    String slot = MigrationNames.slot(session, migrationId);
    attempt("replication slot " + slot, left, () -> dropSlot(slot));
    String publication = MigrationNames.publication(migrationId);
    attempt("publication " + publication, left, () -> dropPublication(publication));
    dropViews(left);
    return left;
  }

  /** A view that does not serve, not yet or no longer. */
  private record View(String sqlName, boolean materialized) {
    String type() {
      return materialized ? "MATERIALIZED VIEW " : "VIEW ";
    }

    String words() {
      return type().toLowerCase(Locale.ROOT) + sqlName;
    }
  }

  /** Each before those that it reads, which have lower numbers. */
  private List<View> views() throws SQLException {
    return session.query(
        """
        SELECT n.nspname, c.relname, c.relkind = 'm'
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('v', 'm') AND c.relname ~ ?::text
         ORDER BY substring(c.relname FROM '[0-9]+$')::numeric DESC""",
        row -> new View(name(row.getString(1), row.getString(2)), row.getBoolean(3)),
        MigrationNames.viewsAside(migrationId));
  }

  private void dropViews(List<String> left) throws SQLException {
    for (View view : views()) {
      attempt(
          view.words(),
          left,
          () -> withLockTimeout("DROP " + view.type() + "IF EXISTS " + view.sqlName()));
    }
  }

  @FunctionalInterface
  private interface Step {
    void run() throws SQLException;
  }

  private void attempt(String object, List<String> left, Step step) {
    for (int attempt = 1; ; attempt++) {
      try {
        step.run();
        return;
      } catch (SQLException e) {
        boolean again =
            attempt < TRIES && (Failures.isLockTimeout(e) || "55006".equals(e.getSQLState()));
        if (!again) {
          left.add(object + " (" + e.getMessage() + ")");
          return;
        }
        LockSupport.parkNanos(200_000_000);
      }
    }
  }

  private Optional<Row> row() throws SQLException {
    return session.first(
        """
        SELECT coalesce(n.nspname, m.table_schema), coalesce(c.relname, m.table_name),
               m.shadow_name, m.restore_identity, m.state = 'rolled back'
          FROM zdm_osc.migration m
          LEFT JOIN pg_class c ON c.oid = m.table_oid
          LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE m.id = ?::bigint""",
        r ->
            new Row(
                r.getString(1), r.getString(2), r.getString(3), r.getString(4), r.getBoolean(5)),
        migrationId);
  }

  private boolean slotExists(String slot) throws SQLException {
    return session.test(
        "SELECT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = ?::text)", slot);
  }

  private boolean publicationExists() throws SQLException {
    return session.test(
        "SELECT EXISTS (SELECT FROM pg_publication WHERE pubname = ?::text)",
        MigrationNames.publication(migrationId));
  }

  private boolean shadowExists(Row row) throws SQLException {
    return shadowOf(row).isPresent();
  }

  /** Beside the source or, where that schema is published, in the control schema. */
  private Optional<String> shadowOf(Row row) throws SQLException {
    if (row.shadow() != null) {
      for (String schema : List.of(row.schema(), MigrationNames.CONTROL_SCHEMA)) {
        String shadow = name(schema, row.shadow());
        if (session.test("SELECT to_regclass(?::text) IS NOT NULL", shadow)) {
          return Optional.of(shadow);
        }
      }
    }
    return Optional.empty();
  }

  /** The table that has it, as SQL has it; its own partitions have it from there. */
  private Optional<String> restConstraint() throws SQLException {
    return session.text(
        "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_constraint k"
            + " JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE k.conname = ?::text AND k.contype = 'c' AND k.coninhcount = 0",
        MigrationNames.rest(migrationId));
  }

  private void dropRestConstraint(String constraint) throws SQLException {
    Optional<String> table = restConstraint();
    if (table.isPresent()) {
      withLockTimeout("ALTER TABLE " + table.get() + " DROP CONSTRAINT " + name(constraint));
    }
  }

  private void dropSlot(String slot) throws SQLException {
    session.text(
        "SELECT pg_terminate_backend(active_pid)::text FROM pg_replication_slots"
            + " WHERE slot_name = ?::text AND active",
        slot);
    session.text(
        "SELECT pg_drop_replication_slot(slot_name)::text FROM pg_replication_slots"
            + " WHERE slot_name = ?::text",
        slot);
  }

  private void dropPublication(String publication) throws SQLException {
    withLockTimeout("DROP PUBLICATION IF EXISTS " + name(publication));
  }

  private void dropShadow(Row row) throws SQLException {
    Optional<String> shadow = shadowOf(row);
    if (shadow.isPresent()) {
      withLockTimeout("DROP TABLE " + shadow.get());
    }
  }

  private void restore(Row row) throws SQLException {
    if (row.restoreIdentity().isEmpty()) {
      return;
    }
    withLockTimeout(
        "ALTER TABLE "
            + name(row.schema(), row.table())
            + " REPLICA IDENTITY "
            + row.restoreIdentity());
    session.update(
        "UPDATE zdm_osc.migration SET restore_identity = '' WHERE id = ?::bigint", migrationId);
  }

  private void withLockTimeout(String statement) throws SQLException {
    session.transaction(
        () -> {
          session.execute("SET LOCAL lock_timeout = '150ms'");
          session.execute(statement);
          return null;
        });
  }
}

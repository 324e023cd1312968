package io.zdmosc.postgres;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.error.LeaseLostException;
import io.zdmosc.engine.error.LeftBehindException;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.error.ZdmException;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.PlannedChange;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.postgres.catalog.Catalog;
import io.zdmosc.postgres.catalog.Fingerprint;
import io.zdmosc.postgres.catalog.LockHolders;
import io.zdmosc.postgres.catalog.TableInfo;
import io.zdmosc.postgres.control.Debris;
import io.zdmosc.postgres.control.MigrationNames;
import io.zdmosc.postgres.control.PgLease;
import io.zdmosc.postgres.handover.Handover;
import io.zdmosc.postgres.owned.OwnedContext;
import io.zdmosc.postgres.owned.OwnedKinds;
import io.zdmosc.postgres.plan.PgPlanner;
import io.zdmosc.postgres.shadow.IdentityChooser;
import io.zdmosc.postgres.shadow.RowIdentity;
import io.zdmosc.postgres.shadow.ShadowBuilder;
import io.zdmosc.postgres.shadow.ShadowSpec;
import io.zdmosc.postgres.shadow.ShadowTable;
import io.zdmosc.postgres.shadow.SourceTable;
import io.zdmosc.postgres.shadow.WayBack;
import io.zdmosc.postgres.shadow.WayBackBuilder;
import io.zdmosc.postgres.shadow.Working;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.SessionFactory;
import io.zdmosc.postgres.stream.StreamObjects;
import io.zdmosc.postgres.stream.Timeline;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A planned change: makes the stream's objects and the shadow table. */
final class PgPlannedChange implements PlannedChange {
  private final SessionFactory sessions;
  private final PgPlanner.Planned planned;

  PgPlannedChange(SessionFactory sessions, PgPlanner.Planned planned) {
    this.sessions = sessions;
    this.planned = planned;
  }

  @Override
  public Plan plan() {
    return planned.plan();
  }

  @Override
  public PreparedChange prepare(
      ControlStore.Lease lease, boolean streaming, Consumer<String> notes) {
    long migrationId = lease.migrationId();
    SessionFactory guarded = sessions;
    try {
      guarded = ((PgLease) lease).sessions();
      try (Session session = guarded.open("prepare")) {
        return prepare(guarded, session, migrationId, streaming, notes);
      }
    } catch (SQLException e) {
      throw undone(guarded, migrationId, Failures.failed("preparing the migration", e));
    } catch (LeaseLostException e) {
      throw e;
    } catch (RuntimeException e) {
      throw undone(guarded, migrationId, e);
    }
  }

  /** Removes what was made so far, on a connection that a stop does not cancel. */
  private static RuntimeException undone(
      SessionFactory guarded, long migrationId, RuntimeException failure) {
    try (Session session = guarded.openUncancelled("discard")) {
      List<String> left = new Debris(session, migrationId).remove();
      if (!left.isEmpty()) {
        failure.addSuppressed(new LeftBehindException(left));
      }
    } catch (SQLException | ZdmException e) {
      failure.addSuppressed(
          new LeftBehindException(
              List.of("everything of migration " + migrationId + " (" + e.getMessage() + ")")));
    }
    return failure;
  }

  private PreparedChange prepare(
      SessionFactory guarded, Session session, long id, boolean streaming, Consumer<String> notes)
      throws SQLException {
    TableInfo table = planned.source().table();
    RowIdentity identity = planned.identity();
    // what is going to exist is recorded first, so that it can be found if we die in between
    session.update(
        "UPDATE zdm_osc.migration SET shadow_name = ?::text, retired_name = ?::text,"
            + " restore_identity = ?::text WHERE id = ?::bigint",
        MigrationNames.shadow(id, table.name()),
        MigrationNames.retired(id, table.name()),
        streaming ? identity.restore() : "",
        id);
    String slot = MigrationNames.slot(session, id);
    if (streaming) {
      new StreamObjects(guarded, session, notes)
          .create(
              table.sqlName(),
              identity,
              planned.layout().isPresent() || table.isPartitioned(),
              MigrationNames.publication(id),
              slot);
    }
    session.execute("SET search_path = pg_catalog");
    try {
      PreparedRecord record = session.transaction(() -> shadow(session, id, slot));
      return new PgPreparedChange(guarded, record);
    } catch (SQLException e) {
      throw LockHolders.named(session, table.oid(), e);
    }
  }

  private PreparedRecord shadow(Session session, long id, String slot) throws SQLException {
    Catalog catalog = new Catalog(session);
    TableInfo table =
        catalog.table(planned.source().table().oid()).orElseThrow(() -> changed("it was dropped"));
    SourceTable source =
        SourceTable.read(catalog, table).withReplicaIdentity(planned.source().replicaIdentity());
    Fingerprint shape = Fingerprint.take(session, table.oid());
    int pid = Integer.parseInt(session.text("SELECT pg_backend_pid()::text").orElseThrow());
    String schema = MigrationNames.rehearsalSchema(pid);
    session.execute("CREATE SCHEMA " + name(schema));
    ShadowSpec spec =
        new ShadowBuilder(
                session, source, planned.clause(), schema, planned.searchPath(), planned.layout())
            .build();
    RowIdentity present = new IdentityChooser(session, source, spec).choose();
    if (!present.columns().equals(planned.identity().columns())
        || present.columnList() != planned.identity().columnList()) {
      throw changed("its identity is another");
    }
    RowIdentity identity = planned.identity();
    Optional<WayBack> back = wayBack(session, source, spec, schema);
    OwnedContext owned =
        new OwnedContext(
            session,
            planned.request(),
            planned.searchPath(),
            source,
            spec,
            id,
            planned.serverVersion());
    Handover handover = OwnedKinds.handover(owned);
    Working working =
        new ShadowTable(session, id, source, spec, identity, schema, handover, owned.isKeptApart())
            .create();
    PreparedRecord record =
        new PreparedRecord(
            working,
            shape,
            slot,
            Timeline.of(session),
            planned.stream(),
            sessions.defaults(),
            back.map(it -> it.working(working)));
    record.write(session);
    return record;
  }

  /** Only where the retired table is to be kept in step. */
  private Optional<WayBack> wayBack(
      Session session, SourceTable source, ShadowSpec spec, String schema) throws SQLException {
    if (!planned.request().hold()) {
      return Optional.empty();
    }
    WayBack back =
        new WayBackBuilder(
                session, source, spec, planned.request().reverse(), schema, planned.searchPath())
            .build();
    if (!back.missing().isEmpty()) {
      throw new RefusedException(back.missing());
    }
    return Optional.of(back);
  }

  private ZdmException changed(String how) {
    return new MigrationFailedException(
        "Table " + planned.plan().table() + " has changed since it was planned: " + how + ".",
        "Nothing of it was touched.",
        "Run the migration again.");
  }
}

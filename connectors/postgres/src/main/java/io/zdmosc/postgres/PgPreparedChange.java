package io.zdmosc.postgres;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.Retire;
import io.zdmosc.engine.error.ZdmException;
import io.zdmosc.engine.spi.BuildStep;
import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.engine.spi.CopiedChunk;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.postgres.catalog.Fingerprint;
import io.zdmosc.postgres.control.ChunkRecord;
import io.zdmosc.postgres.control.Debris;
import io.zdmosc.postgres.cutover.AfterSwap;
import io.zdmosc.postgres.cutover.AheadOfSwap;
import io.zdmosc.postgres.cutover.Exchange;
import io.zdmosc.postgres.cutover.ForthExchange;
import io.zdmosc.postgres.shadow.ForeignKeyCheck;
import io.zdmosc.postgres.shadow.IndexBuilds;
import io.zdmosc.postgres.shadow.ViewBuilds;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.SessionFactory;
import io.zdmosc.postgres.stream.StreamKind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A prepared change, from the source to its shadow. */
final class PgPreparedChange extends PgPair {
  private final PreparedRecord record;

  PgPreparedChange(SessionFactory sessions, PreparedRecord record) {
    super(sessions, record.working(), record.slot());
    this.record = record;
  }

  @Override
  public ChangeStream openStream() {
    try (Session session = sessions().open("look for the slot")) {
      record.timeline().requireSlot(session, record.slot());
    } catch (SQLException e) {
      throw Failures.failed("looking for the replication slot", e);
    }
    return super.openStream();
  }

  @Override
  StreamKind streamKind() {
    return record.stream();
  }

  @Override
  Fingerprint shape() {
    return record.shape();
  }

  @Override
  Exchange exchange() {
    return new ForthExchange(working(), record.shape(), record.back());
  }

  @Override
  MigrationState swappedState() {
    return MigrationState.SWAPPED;
  }

  @Override
  public Optional<PreparedChange> wayBack() {
    return record.back().map(back -> new PgWayBack(sessions(), record, back));
  }

  @Override
  public List<CopiedChunk> copied() {
    try (Session session = sessions().openUncancelled("chunks")) {
      return ChunkRecord.read(session, working().migrationId());
    } catch (SQLException e) {
      throw Failures.failed("reading which chunks are copied", e);
    }
  }

  @Override
  public Optional<BuildStep> keyIndex(long memoryBytes) {
    return new IndexBuilds(sessions(), working(), memoryBytes).keyIndex();
  }

  @Override
  public List<BuildStep> builds(long memoryBytes) {
    markCopyEnd();
    List<BuildStep> steps =
        new ArrayList<>(new IndexBuilds(sessions(), working(), memoryBytes).steps());
    steps.addAll(ForeignKeyCheck.steps(sessions(), working()));
    steps.addAll(AheadOfSwap.steps(sessions(), working()));
    steps.addAll(new ViewBuilds(sessions(), working(), memoryBytes).steps());
    return steps;
  }

  @Override
  public List<BuildStep> lateBuilds(long memoryBytes) {
    return new ViewBuilds(sessions(), working(), memoryBytes).fills();
  }

  @Override
  public List<String> complete() {
    return new AfterSwap(sessions(), working()).complete();
  }

  @Override
  public List<String> finish(Retire retire) {
    return new AfterSwap(sessions(), working())
        .finish(retire, record.back().map(it -> it.identity().restore()).orElse(""));
  }

  @Override
  public List<String> discard() {
    try (Session session = sessions().openUncancelled("discard")) {
      return new Debris(session, working().migrationId()).remove();
    } catch (SQLException | ZdmException e) {
      return List.of("everything of migration " + working().migrationId() + ": " + e.getMessage());
    }
  }
}

package io.zdmosc.mysql;

import io.zdmosc.engine.Retire;
import io.zdmosc.engine.error.ZdmException;
import io.zdmosc.engine.spi.BuildStep;
import io.zdmosc.engine.spi.CopiedChunk;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.mysql.catalog.Catalog;
import io.zdmosc.mysql.catalog.Fingerprint;
import io.zdmosc.mysql.control.ChunkRecord;
import io.zdmosc.mysql.control.Debris;
import io.zdmosc.mysql.cutover.AfterSwap;
import io.zdmosc.mysql.shadow.IndexBuilds;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import io.zdmosc.mysql.stream.LogStart;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** A prepared change, from the source to its shadow. */
final class MySqlPreparedChange extends MySqlPair {
  private final PreparedRecord record;

  MySqlPreparedChange(SessionFactory sessions, PreparedRecord record) {
    super(sessions, record.working());
    this.record = record;
  }

  @Override
  Optional<LogStart> start() {
    return record.start();
  }

  @Override
  Fingerprint shape() {
    return record.shape();
  }

  @Override
  boolean turns() {
    return record.back().isPresent();
  }

  @Override
  public Optional<PreparedChange> wayBack() {
    return record.back().map(back -> new MySqlWayBack(sessions(), back));
  }

  /** Whether the tables were swapped, and perhaps swapped back. */
  boolean isBeyondTheSwap() {
    return isSwapped() || wayBack().map(PreparedChange::isSwapped).orElse(false);
  }

  @Override
  public List<CopiedChunk> copied() {
    try (Session session = sessions().openUncancelled("chunks")) {
      return ChunkRecord.read(session, working().migrationId());
    } catch (SQLException e) {
      throw Failures.failed("reading which chunks are copied", e);
    }
  }

  boolean hasShadow(Session session) throws SQLException {
    return new Catalog(session)
        .table(working().names().shadowSchema(), working().names().shadow())
        .isPresent();
  }

  @Override
  public List<BuildStep> builds(long memoryBytes) {
    markCopyEnd();
    return new IndexBuilds(sessions(), working(), memoryBytes).steps();
  }

  @Override
  public List<String> complete() {
    return new AfterSwap(sessions(), working()).complete();
  }

  @Override
  public List<String> finish(Retire retire) {
    return new AfterSwap(sessions(), working()).finish(retire);
  }

  @Override
  public List<String> discard() {
    try (Session session = sessions().openUncancelled("discard")) {
      return new Debris(sessions(), session, working().migrationId()).remove();
    } catch (SQLException | ZdmException e) {
      return List.of(
          "everything of migration " + working().migrationId() + ": " + Failures.words(e));
    }
  }
}

package io.zdmosc.postgres;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.Retire;
import io.zdmosc.engine.durable.Recorded;
import io.zdmosc.engine.spi.BuildStep;
import io.zdmosc.engine.spi.Chunk;
import io.zdmosc.engine.spi.CopiedChunk;
import io.zdmosc.engine.spi.KeyRange;
import io.zdmosc.engine.spi.WaitingKeys;
import io.zdmosc.postgres.catalog.Fingerprint;
import io.zdmosc.postgres.control.PgWaitingKeys;
import io.zdmosc.postgres.cutover.AfterSwap;
import io.zdmosc.postgres.cutover.BackExchange;
import io.zdmosc.postgres.cutover.Exchange;
import io.zdmosc.postgres.shadow.Working;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.SessionFactory;
import io.zdmosc.postgres.stream.StreamKind;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The way back, from the new table that serves to the retired one. */
final class PgWayBack extends PgPair {
  private final PreparedRecord record;
  private Fingerprint shape;

  PgWayBack(SessionFactory sessions, PreparedRecord record, Working back) {
    super(sessions, back, record.slot());
    this.record = record;
  }

  @Override
  public boolean isWayBack() {
    return true;
  }

  /** One that passes over what the publication held before; the other goes by names alone. */
  @Override
  StreamKind streamKind() {
    return StreamKind.PGOUTPUT;
  }

  /** As the swap has recorded it. */
  @Override
  synchronized Fingerprint shape() {
    if (shape == null) {
      try (Session session = sessions().openUncancelled("shape")) {
        String text =
            session
                .text(
                    "SELECT followed FROM zdm_osc.migration WHERE id = ?::bigint",
                    working().migrationId())
                .orElseThrow();
        shape = Recorded.read(working().migrationId(), text, Fingerprint.class).ofServing();
      } catch (SQLException e) {
        throw Failures.failed("reading the new table's recorded shape", e);
      }
    }
    return shape;
  }

  @Override
  Exchange exchange() {
    return new BackExchange(record.working(), working(), shape());
  }

  @Override
  MigrationState swappedState() {
    return MigrationState.ROLLED_BACK;
  }

  /** Nothing has to be copied: the swap left both tables equal. */
  @Override
  public List<CopiedChunk> copied() {
    return List.of(new CopiedChunk(new Chunk(1, new KeyRange(null, null)), 0));
  }

  @Override
  public Optional<WaitingKeys> openWaitingKeys() {
    return Optional.of(new PgWaitingKeys(sessions().open("waiting keys"), working().migrationId()));
  }

  @Override
  public Optional<BuildStep> keyIndex(long memoryBytes) {
    return Optional.empty();
  }

  /** Its indexes are there. */
  @Override
  public List<BuildStep> builds(long memoryBytes) {
    markCopyEnd();
    return List.of();
  }

  @Override
  public List<String> finish(Retire retire) {
    return new AfterSwap(sessions(), working()).finish(retire, "");
  }

  /** The new table serves: nothing of it is ever removed. */
  @Override
  public List<String> discard() {
    return List.of();
  }
}

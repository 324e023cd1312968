package io.zdmosc.mysql;

import io.zdmosc.engine.Retire;
import io.zdmosc.engine.spi.BuildStep;
import io.zdmosc.engine.spi.Chunk;
import io.zdmosc.engine.spi.CopiedChunk;
import io.zdmosc.engine.spi.KeyRange;
import io.zdmosc.engine.spi.WaitingKeys;
import io.zdmosc.mysql.catalog.Fingerprint;
import io.zdmosc.mysql.control.MySqlWaitingKeys;
import io.zdmosc.mysql.cutover.AfterSwap;
import io.zdmosc.mysql.cutover.TurnRecord;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import io.zdmosc.mysql.stream.DurablePosition;
import io.zdmosc.mysql.stream.LogStart;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The way back, from the new table that serves to the retired one. */
final class MySqlWayBack extends MySqlPair {
  private LogStart start;
  private Fingerprint shape;

  MySqlWayBack(SessionFactory sessions, Working back) {
    super(sessions, back);
  }

  @Override
  public boolean isWayBack() {
    return true;
  }

  @Override
  boolean turns() {
    return false;
  }

  /** Where the swap has turned, or behind it where an earlier process has come to. */
  @Override
  synchronized Optional<LogStart> start() {
    if (start == null) {
      long id = working().migrationId();
      try (Session session = sessions().openUncancelled("turn")) {
        LogStart turn = TurnRecord.start(session, id);
        start =
            DurablePosition.read(session, id)
                .filter(place -> place.position().compareTo(turn.position()) >= 0)
                .map(turn::later)
                .orElse(turn);
      } catch (SQLException e) {
        throw Failures.failed("reading where the swap has turned", e);
      }
    }
    return Optional.of(start);
  }

  @Override
  synchronized Fingerprint shape() {
    if (shape == null) {
      try (Session session = sessions().openUncancelled("shape")) {
        shape =
            TurnRecord.shape(session, working().migrationId())
                .orElseThrow(() -> new SQLException("the new table's shape was not recorded"));
      } catch (SQLException e) {
        throw Failures.failed("reading the new table's recorded shape", e);
      }
    }
    return shape;
  }

  /** Nothing has to be copied: the swap left both tables equal. */
  @Override
  public List<CopiedChunk> copied() {
    return List.of(new CopiedChunk(new Chunk(1, new KeyRange(null, null)), 0));
  }

  @Override
  public Optional<WaitingKeys> openWaitingKeys() {
    return Optional.of(
        new MySqlWaitingKeys(sessions().open("waiting keys"), working().migrationId()));
  }

  /** Its indexes are there. */
  @Override
  public List<BuildStep> builds(long memoryBytes) {
    markCopyEnd();
    return List.of();
  }

  @Override
  public List<String> finish(Retire retire) {
    return new AfterSwap(sessions(), working()).finish(retire);
  }

  /** The new table serves: nothing of it is ever removed. */
  @Override
  public List<String> discard() {
    return List.of();
  }
}

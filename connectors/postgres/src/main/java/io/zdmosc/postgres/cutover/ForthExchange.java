package io.zdmosc.postgres.cutover;

import io.zdmosc.engine.durable.RecordText;
import io.zdmosc.postgres.catalog.Fingerprint;
import io.zdmosc.postgres.shadow.ViewBuilds;
import io.zdmosc.postgres.shadow.Working;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.Optional;

/** The new table takes the old one's place. */
public final class ForthExchange implements Exchange {
  private final Working working;
  private final Fingerprint shape;
  private final Optional<Working> back;

  /**
   * @param back the pair the other way round, where the retired table is to be kept in step
   */
  public ForthExchange(Working working, Fingerprint shape, Optional<Working> back) {
    this.working = working;
    this.shape = shape;
    this.back = back;
  }

  @Override
  public void run(Session session) throws SQLException {
    ViewBuilds.requireFilled(session, working);
    PartitionRenames partitions = PartitionRenames.forth(session, working);
    boolean inParts = PartitionedKey.isInParts(session);
    session.executeAll(new SwapScript(working, back, partitions, inParts).statements());
    if (back.isPresent()) {
      // taken under the lock, so that no change of the new table's shape can go unseen
      session.update(
          "UPDATE zdm_osc.migration SET followed = ?::text WHERE id = ?::bigint",
          RecordText.write(Fingerprint.take(session, working.shadowOid())),
          working.migrationId());
    }
  }

  @Override
  public Fingerprint shape() {
    return shape;
  }
}

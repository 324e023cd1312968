package io.zdmosc.postgres.cutover;

import io.zdmosc.postgres.catalog.Fingerprint;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;

/** What one direction of the swap does under the lock, in the caller's transaction. */
public interface Exchange {
  /** All names, and what belongs to them, in one round trip as far as can be. */
  void run(Session session) throws SQLException;

  /** The shape that the table which serves must still have. */
  Fingerprint shape();
}

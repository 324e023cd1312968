package io.zdmosc.postgres.control;

import io.zdmosc.engine.durable.RecordedStore;
import io.zdmosc.postgres.sql.SessionFactory;

/** The control schema {@code zdm_osc} of the same database. */
public final class PgControlStore extends RecordedStore {
  public PgControlStore(SessionFactory sessions) {
    super(
        purpose -> new PgControlSession(sessions, sessions.openUncancelled(purpose)),
        (doing, e) -> ControlRights.failure(sessions, doing, e));
  }
}

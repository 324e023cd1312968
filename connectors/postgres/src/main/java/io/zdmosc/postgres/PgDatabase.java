package io.zdmosc.postgres;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.PlannedChange;
import io.zdmosc.engine.spi.TrafficLog;
import io.zdmosc.postgres.control.PgControlStore;
import io.zdmosc.postgres.plan.PgPlanner;
import io.zdmosc.postgres.sql.SessionFactory;

/** A database on a PostgreSQL server. */
final class PgDatabase implements Database {
  private final SessionFactory sessions;
  private final String description;

  PgDatabase(SessionFactory sessions, String description) {
    this.sessions = sessions;
    this.description = description;
  }

  @Override
  public String describe() {
    return description;
  }

  @Override
  public PlannedChange plan(ChangeRequest request) {
    return new PgPlannedChange(sessions, new PgPlanner(sessions).plan(request));
  }

  @Override
  public ControlStore control() {
    return new PgControlStore(sessions);
  }

  @Override
  public TrafficLog traffic(String table) {
    return new PgTrafficLog(sessions, table);
  }

  @Override
  public void interrupt() {
    sessions.cancelAll();
  }

  @Override
  public void close() {
    // sessions are opened and closed by those who use them
  }
}

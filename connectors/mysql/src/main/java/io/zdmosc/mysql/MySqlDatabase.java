package io.zdmosc.mysql;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.PlannedChange;
import io.zdmosc.engine.spi.TrafficLog;
import io.zdmosc.mysql.control.MySqlControlStore;
import io.zdmosc.mysql.plan.MySqlPlanner;
import io.zdmosc.mysql.sql.SessionFactory;

/** A MySQL or MariaDB server. */
final class MySqlDatabase implements Database {
  private final SessionFactory sessions;
  private final String description;

  MySqlDatabase(SessionFactory sessions, String description) {
    this.sessions = sessions;
    this.description = description;
  }

  @Override
  public String describe() {
    return description;
  }

  @Override
  public PlannedChange plan(ChangeRequest request) {
    return new MySqlPlannedChange(sessions, new MySqlPlanner(sessions).plan(request));
  }

  @Override
  public ControlStore control() {
    return new MySqlControlStore(sessions);
  }

  @Override
  public TrafficLog traffic(String table) {
    return new MySqlTrafficLog(sessions, table);
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

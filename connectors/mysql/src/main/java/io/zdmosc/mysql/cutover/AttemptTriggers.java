package io.zdmosc.mysql.cutover;

import io.zdmosc.mysql.control.TriggerRecord;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import io.zdmosc.mysql.trigger.ShadowTriggers;
import java.sql.SQLException;

/** The shadow's triggers in one attempt at the cut-over. For one thread. */
final class AttemptTriggers {
  private final SessionFactory sessions;
  private final Working working;
  private Session maker;

  AttemptTriggers(SessionFactory sessions, Working working) {
    this.sessions = sessions;
    this.working = working;
  }

  private boolean none() {
    return working.source().triggers().isEmpty();
  }

  /** The way there has written it before there was anything to copy. */
  void record(Session session) throws SQLException {
    if (working.back() && !none()) {
      TriggerRecord.replace(session, working.migrationId(), working.source().triggers());
    }
  }

  /** Gives the shadow its triggers: from now on nothing of ours may write to it. */
  void create(Session session) throws SQLException {
    if (!none()) {
      maker = session;
      ShadowTriggers.create(session, working);
    }
  }

  /** Takes them back where the names have not been exchanged, before the flush goes on. */
  void remove() {
    if (maker == null) {
      return;
    }
    try {
      if (!isAlive(maker)) {
        LostConnection.end(sessions, maker.id()); // it may be about to make one
      }
      try (Session session = sessions.openUncancelled("triggers")) {
        ShadowTriggers.removeAll(session, working);
      }
    } catch (SQLException e) {
      throw Failures.failed("removing the shadow's triggers after an attempt at the cut-over", e);
    }
  }

  private static boolean isAlive(Session session) {
    try {
      session.execute("DO 0");
      return true;
    } catch (SQLException e) {
      return Failures.isCancelled(e); // by a stop, which may come at any time
    }
  }
}

package io.zdmosc.mysql.control;

import io.zdmosc.engine.durable.RecordedStore;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import java.sql.SQLException;
import java.util.List;

/** The control schema {@code zdm_osc} of the same server. */
public final class MySqlControlStore extends RecordedStore {
  private final SessionFactory sessions;

  public MySqlControlStore(SessionFactory sessions) {
    super(
        purpose -> new MySqlControlSession(sessions, sessions.openUncancelled(purpose)),
        (doing, e) -> ControlRights.failure(sessions, doing, e));
    this.sessions = sessions;
  }

  @Override
  public List<String> strays() {
    try (Session session = sessions.openUncancelled("control")) {
      return new PlanDebris(session).list();
    } catch (SQLException e) {
      throw ControlRights.failure(sessions, "looking for what plans left in zdm_osc", e);
    }
  }

  @Override
  public List<String> removeStrays() {
    try (Session session = sessions.openUncancelled("cleanup")) {
      return new PlanDebris(session).remove();
    } catch (SQLException e) {
      throw Failures.failed("removing what plans left in zdm_osc", e);
    }
  }
}

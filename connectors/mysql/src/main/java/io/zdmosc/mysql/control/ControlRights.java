package io.zdmosc.mysql.control;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.error.ZdmException;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Grants;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the user must be allowed to in the control schema. */
public final class ControlRights {
  private static final Set<String> WANTED =
      Set.of(
          "SELECT",
          "INSERT",
          "UPDATE",
          "DELETE",
          "CREATE",
          "DROP",
          "ALTER",
          "INDEX",
          "CREATE TEMPORARY TABLES",
          "LOCK TABLES",
          "TRIGGER");

  private ControlRights() {}

  /** What the user lacks of it, with the statement that grants it. */
  public static Optional<Problem> lacking(Session session) throws SQLException {
    Set<String> missing = Grants.read(session).missingOn(ControlSchema.NAME, WANTED);
    return Grants.lacking(session, missing, "`zdm_osc`.*");
  }

  /**
   * The failure of something that was done in the control schema, with the server's words. Who
   * lacks a right there is refused, since then it is the first thing that fails.
   */
  public static ZdmException failure(SessionFactory sessions, String doing, SQLException e) {
    if (Failures.isDenied(e)) {
      try (Session session = sessions.openUncancelled("rights")) {
        Optional<Problem> lacking = lacking(session);
        if (lacking.isPresent()) {
          return new RefusedException(List.of(toLook(lacking.get())), e);
        }
      } catch (SQLException | ZdmException unknown) {
        e.addSuppressed(unknown);
      }
    }
    return Failures.failed(doing, e);
  }

  private static Problem toLook(Problem lacking) {
    return new Problem(
        lacking.object(), lacking.what(), lacking.remedy() + " (to look only, SELECT is enough)");
  }
}

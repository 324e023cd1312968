package io.zdmosc.postgres.shadow;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.BuildStep;
import io.zdmosc.engine.spi.LockTimeoutException;
import io.zdmosc.engine.spi.UniqueConflictException;
import io.zdmosc.postgres.handover.NewViews;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.SessionFactory;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The views that are made on the shadow, to be exchanged with those that serve: first without rows,
 * when the shadow has the keys that a query may rely on; then, as late as can be, filled.
 */
public final class ViewBuilds {
  private final SessionFactory sessions;
  private final Working working;
  private final long memoryBytes;

  public ViewBuilds(SessionFactory sessions, Working working, long memoryBytes) {
    this.sessions = sessions;
    this.working = working;
    this.memoryBytes = memoryBytes;
  }

  /** Makes those that are not there. */
  public List<BuildStep> steps() {
    List<BuildStep> steps = new ArrayList<>();
    for (NewViews each : working.handover().newViews()) {
      steps.add(BuildStep.of("the views on the new table", false, processes -> make(each)));
    }
    return steps;
  }

  /**
   * Fills those whose like that serves is populated: whoever reads one that is not gets an error,
   * and that stays so.
   */
  public List<BuildStep> fills() {
    List<BuildStep> steps = new ArrayList<>();
    if (working.handover().fills().isEmpty()) {
      return steps;
    }
    try (Session session = sessions.open("views")) {
      for (NewViews.Fill each : working.handover().fills()) {
        if (isPopulated(session, each.served())) {
          steps.add(
              BuildStep.of("rows of " + each.words(), false, processes -> fill(each, processes)));
        }
      }
    } catch (SQLException e) {
      throw Failures.failed("looking for materialized views to be filled", e);
    }
    return steps;
  }

  /**
   * Asks under the lock whether one that serves has got rows since the new ones were filled.
   *
   * @throws LockTimeoutException if so: the new one must be filled first
   */
  public static void requireFilled(Session session, Working working) throws SQLException {
    for (NewViews.Fill each : working.handover().fills()) {
      if (isPopulated(session, each.served()) && !isPopulated(session, each.made())) {
        throw new LockTimeoutException(
            each.words() + " has been refreshed for the first time; the new one is filled first",
            null);
      }
    }
  }

  private static boolean isPopulated(Session session, String view) throws SQLException {
    return session.test(
        "SELECT EXISTS (SELECT FROM pg_class WHERE oid = to_regclass(?::text) AND relispopulated)",
        view);
  }

  private void make(NewViews views) {
    try (Session session = sessions.open("views")) {
      if (session.test(views.made())) {
        return;
      }
      session.transaction(
          () -> {
            session.executeAll(views.make());
            failOnStrays(session.query(views.strays(), row -> row.getString(1)));
            return null;
          });
    } catch (SQLException e) {
      throw Failures.failed("making the views on the new table", e);
    }
  }

  private static void failOnStrays(List<String> strays) {
    if (!strays.isEmpty()) {
      throw new MigrationFailedException(
          "A new view is bound to what is to be retired: " + String.join("; ", strays) + ".",
          "The source table is untouched.",
          "Please report this. Until then drop the view first, and make it again afterwards.");
    }
  }

  private void fill(NewViews.Fill view, int processes) {
    try (Session session = sessions.open("views")) {
      BuildSettings.apply(session, memoryBytes, processes);
      session.execute("REFRESH MATERIALIZED VIEW " + view.made());
      session.execute("VACUUM (ANALYZE) " + view.made());
    } catch (SQLException e) {
      if (Failures.isUniqueConflict(e)) {
        throw new UniqueConflictException(e.getMessage(), e);
      }
      throw Failures.failed("filling " + view.words(), e);
    }
  }
}

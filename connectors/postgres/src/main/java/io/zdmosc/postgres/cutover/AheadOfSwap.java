package io.zdmosc.postgres.cutover;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.BuildStep;
import io.zdmosc.postgres.handover.FollowUp;
import io.zdmosc.postgres.shadow.Working;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.SessionFactory;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** What the swap relies on, done before it under locks that are given up when they are late. */
public final class AheadOfSwap implements BuildStep {
  private final SessionFactory sessions;
  private final FollowUp each;

  private AheadOfSwap(SessionFactory sessions, FollowUp each) {
    this.sessions = sessions;
    this.each = each;
  }

  /** One after the other. */
  public static List<BuildStep> steps(SessionFactory sessions, Working working) {
    List<BuildStep> steps = new ArrayList<>();
    for (FollowUp each : working.handover().ahead()) {
      steps.add(new AheadOfSwap(sessions, each));
    }
    return steps;
  }

  @Override
  public String describe() {
    return each.object();
  }

  @Override
  public boolean parallel() {
    return false;
  }

  @Override
  public void run(int processes) {
    List<String> left = new ArrayList<>();
    try (Session session = sessions.open("prepare the swap")) {
      AfterSwap.followUp(session, each, new HashSet<>(), left);
    } catch (SQLException e) {
      throw Failures.failed("preparing the swap: " + each.object(), e);
    }
    if (!left.isEmpty()) {
      throw new MigrationFailedException(
          "The swap could not be prepared: " + left.get(0) + ".",
          "The source table is untouched.",
          "Look for what holds the lock, and run the migration again.");
    }
  }
}

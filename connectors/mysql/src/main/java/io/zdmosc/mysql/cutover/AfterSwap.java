package io.zdmosc.mysql.cutover;

import io.zdmosc.engine.Retire;
import io.zdmosc.engine.error.LeaseLostException;
import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.error.ZdmException;
import io.zdmosc.mysql.catalog.Catalog;
import io.zdmosc.mysql.control.Debris;
import io.zdmosc.mysql.control.Sentry;
import io.zdmosc.mysql.control.TriggerRecord;
import io.zdmosc.mysql.foreignkey.KeyRecord;
import io.zdmosc.mysql.foreignkey.KeySettlement;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import io.zdmosc.mysql.sql.Sql;
import io.zdmosc.mysql.statistics.TableStatistics;
import io.zdmosc.mysql.stream.statement.StatementJudge;
import io.zdmosc.mysql.trigger.TriggerHandover;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** What is done when the new table serves, none of it under a lock that the application feels. */
public final class AfterSwap {
  private static final int TRIES = 20;

  private final SessionFactory sessions;
  private final Working working;

  public AfterSwap(SessionFactory sessions, Working working) {
    this.sessions = sessions;
    this.working = working;
  }

  /**
   * What the table that serves still needs, after which nothing of ours changes its shape: that is
   * written down. What could not be done, in words; but triggers must have their names, for until
   * then the retired table may have them too, and must not be written to.
   */
  public List<String> complete() {
    List<String> left = new ArrayList<>();
    try (Session session = sessions.openUncancelled("finish")) {
      complete(session, left);
      if (KeyRecord.exists(session, working.migrationId())) {
        throw MigrationFailedException.passing(
            "Foreign keys could not be put in their places: " + String.join("; ", left),
            "The new table serves; writes may be refused. The retired table is not followed yet.",
            "zdm-osc follow --id " + working.migrationId() + " tries again.",
            null);
      }
      if (!TriggerRecord.read(session, working.migrationId()).isEmpty()) {
        throw MigrationFailedException.passing(
            "The new table's triggers could not be given their names: " + String.join("; ", left),
            "The new table serves, and its triggers work. The retired table is not followed yet.",
            "zdm-osc follow --id " + working.migrationId() + " tries again.",
            null);
      }
      TurnRecord.writeShape(
          session,
          working.migrationId(),
          working.source().table().schema(),
          working.spec().finalName());
    } catch (SQLException e) {
      throw Failures.failed("doing the work after the cut-over", e);
    }
    return left;
  }

  private void complete(Session session, List<String> left) throws SQLException {
    session.execute("SET SESSION lock_wait_timeout = 1");
    left.addAll(KeySettlement.run(sessions, working.migrationId()));
    nameTriggers(left);
    if (working.identity().temporary() && hasIndex(session)) {
      patiently(
          session,
          "ALTER TABLE "
              + StatementJudge.OWN_MARK
              + " "
              + working.finalSql()
              + " DROP INDEX "
              + Sql.name(working.identity().shadowIndex()),
          "an index that the migration needed",
          left);
    }
    left.addAll(new TableStatistics(session, working).complete());
  }

  /** Does all of it; what could not be done, in words. */
  public List<String> finish(Retire retire) {
    List<String> left = new ArrayList<>();
    try (Session session = sessions.openUncancelled("finish")) {
      complete(session, left);
      dropSentry(session, left);
      if (retire == Retire.DROP) {
        String retired = working.retiredSql();
        patiently(session, "DROP TABLE IF EXISTS " + retired, "the retired table " + retired, left);
        new Debris(sessions, session, working.migrationId()).dropOwnDatabase(left);
      }
    } catch (SQLException e) {
      if (Failures.isConnectionLoss(e)) {
        throw Failures.failed("doing the work after the cut-over", e);
      }
      left.add("the work after the cut-over broke off: " + Failures.words(e));
    }
    return left;
  }

  /** An attempt at the swap back may have left it, where the new table was. */
  private void dropSentry(Session session, List<String> left) throws SQLException {
    Working.Names names = working.names();
    if (Sentry.exists(session, names.shadowSchema(), names.shadow())) {
      String sentry = working.shadowSql();
      patiently(session, "DROP TABLE IF EXISTS " + sentry, "table " + sentry, left);
    }
  }

  private void nameTriggers(List<String> left) throws SQLException {
    TriggerHandover.Place place =
        new TriggerHandover.Place(
            working.migrationId(),
            working.source().table().schema(),
            working.spec().finalName(),
            working.names().retired());
    try {
      left.addAll(new TriggerHandover(sessions, place).run());
    } catch (SQLException | ZdmException e) {
      if (e instanceof SQLException lost && Failures.isConnectionLoss(lost)) {
        throw lost;
      }
      if (e instanceof LeaseLostException
          || e instanceof MigrationFailedException failed && failed.isPassing()) {
        throw (ZdmException) e;
      }
      left.add("giving triggers their names broke off: " + e.getMessage() + "; zdm-osc cleanup");
    }
  }

  /** An earlier process may have dropped it. */
  private boolean hasIndex(Session session) throws SQLException {
    return new Catalog(session)
        .indexes(working.source().table().schema(), working.spec().finalName()).stream()
            .anyMatch(index -> index.name().equals(working.identity().shadowIndex()));
  }

  private static void patiently(Session session, String statement, String object, List<String> left)
      throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try {
        session.execute(statement);
        return;
      } catch (SQLException e) {
        if (Failures.isConnectionLoss(e)) {
          throw e;
        }
        if (!Failures.isLockTimeout(e) || attempt == TRIES) {
          left.add(object + ": " + Failures.words(e) + "; to do: " + statement);
          return;
        }
      }
      LockSupport.parkNanos(200_000_000);
    }
  }
}

package io.zdmosc.harness.workload.writer;

import io.zdmosc.harness.workload.model.Effect;
import io.zdmosc.harness.workload.model.Model;
import io.zdmosc.harness.workload.table.CommitOutcome;
import io.zdmosc.harness.workload.table.SqlDialect;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Commits, and finds out what became of commits that were not acknowledged.
 *
 * <p>Guarantees: effects reach the model exactly if the server committed them. Where that cannot be
 * found out, the rows are marked as unresolved. The caller holds the rows' locks all the while.
 */
final class Committer {
  private final SqlDialect dialect;
  private final boolean faultsExpected;
  private final Duration patience;
  private final String prefix = UUID.randomUUID() + "-";
  private final AtomicLong next = new AtomicLong();
  private final AtomicLong resolved = new AtomicLong();

  /**
   * Creates a committer for all writers of a workload.
   *
   * @param patience how long to try to reach the server again
   */
  Committer(SqlDialect dialect, boolean faultsExpected, Duration patience) {
    this.dialect = dialect;
    this.faultsExpected = faultsExpected;
    this.patience = patience;
  }

  /** Returns whether every transaction must leave a proof of its commit. */
  boolean needsProof() {
    return faultsExpected;
  }

  /** Returns how many commits were found out about afterwards. */
  long resolved() {
    return resolved.get();
  }

  /** Commits the session's transaction and applies the effects. */
  void commit(Session session, Model model, List<Effect> effects) throws SQLException {
    String entry = prefix + next.getAndIncrement();
    boolean proven = needsProof() && !effects.isEmpty();
    String id = proven ? dialect.writeLedger(session.connection(), entry) : null;
    try {
      session.commit();
    } catch (SQLException e) {
      if (!dialect.isConnectionLoss(e)) {
        throw e;
      }
      resolve(session, model, effects, entry, id, e);
      throw e;
    }
    model.apply(effects);
  }

  /** Runs an autocommit statement without proof; if the connection is lost, so is the truth. */
  int autocommit(Transaction.Step step, Model model, List<Effect> effects) throws SQLException {
    try {
      return step.run();
    } catch (SQLException e) {
      if (dialect.isConnectionLoss(e)) {
        model.markUnresolved(effects);
      }
      throw e;
    }
  }

  private void resolve(
      Session session,
      Model model,
      List<Effect> effects,
      String entry,
      String id,
      SQLException cause) {
    if (effects.isEmpty()) {
      return;
    }
    try {
      if (id == null) {
        model.markUnresolved(effects);
      } else if (await(session, entry, id) == CommitOutcome.COMMITTED) {
        model.apply(effects);
        resolved.incrementAndGet();
      } else {
        resolved.incrementAndGet();
      }
    } catch (SQLException e) {
      cause.addSuppressed(e);
      model.markUnresolved(effects);
    }
  }

  private CommitOutcome await(Session session, String entry, String id) throws SQLException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        session.reopen();
        CommitOutcome outcome = dialect.outcome(session.connection(), entry, id);
        if (outcome != CommitOutcome.IN_PROGRESS) {
          return outcome;
        }
        if (System.nanoTime() > deadline) {
          throw new SQLException("transaction " + id + " is still in progress");
        }
      } catch (SQLException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
      }
      Pause.millis(50);
    }
  }
}

package io.zdmosc.engine.progress;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.plan.Estimate;
import io.zdmosc.engine.plan.Plan;

/** Watches a migration. Called from several threads, never after the run has returned. */
public interface MigrationListener {
  /** The plan, before anything is touched. */
  default void onPlan(Plan plan) {}

  /** A new state, once it is durable. */
  default void onState(MigrationState state, String detail) {}

  /** Several times a second. */
  default void onProgress(Progress progress) {}

  /** Something worth a line: a failed attempt at the cut-over, a conflict retried. */
  default void onNote(String note) {}

  /** What a dry run expects of the real run. */
  default void onEstimate(Estimate estimate) {}

  /** Listens to nothing. */
  static MigrationListener none() {
    return new MigrationListener() {};
  }
}

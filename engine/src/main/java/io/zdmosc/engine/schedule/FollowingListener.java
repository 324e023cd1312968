package io.zdmosc.engine.schedule;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.plan.Estimate;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.progress.Progress;

/** Notices when the new table of a migration serves, and tells another listener everything. */
final class FollowingListener implements MigrationListener {
  private final MigrationListener first;
  private volatile boolean following;

  FollowingListener(MigrationListener first) {
    this.first = first;
  }

  /** True from the swap on, as long as the old table does not serve again. */
  boolean isFollowing() {
    return following;
  }

  @Override
  public void onPlan(Plan plan) {
    first.onPlan(plan);
  }

  @Override
  public void onState(MigrationState state, String detail) {
    following = state == MigrationState.SWAPPED;
    first.onState(state, detail);
  }

  @Override
  public void onProgress(Progress progress) {
    first.onProgress(progress);
  }

  @Override
  public void onNote(String note) {
    first.onNote(note);
  }

  @Override
  public void onEstimate(Estimate estimate) {
    first.onEstimate(estimate);
  }
}

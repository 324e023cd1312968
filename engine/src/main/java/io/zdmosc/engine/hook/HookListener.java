package io.zdmosc.engine.hook;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.plan.Estimate;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.progress.Progress;

/** Lets hooks listen too, behind another listener. */
public record HookListener(MigrationListener first, Hooks hooks) implements MigrationListener {
  @Override
  public void onPlan(Plan plan) {
    first.onPlan(plan);
  }

  @Override
  public void onState(MigrationState state, String detail) {
    first.onState(state, detail);
    hooks.state(state, detail);
  }

  @Override
  public void onProgress(Progress progress) {
    first.onProgress(progress);
    hooks.progress(progress);
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

package io.zdmosc.engine.lifecycle;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.concurrent.RunControl;
import io.zdmosc.engine.hook.Hooks;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.PreparedChange;

/** What every phase of one run works with. */
public record RunContext(
    Database database,
    Plan plan,
    PreparedChange change,
    RunOptions options,
    MigrationListener listener,
    Hooks hooks,
    RunControl control,
    ControlStore.Lease lease) {

  /** The same with another change of the same migration. */
  public RunContext on(PreparedChange other) {
    return new RunContext(database, plan, other, options, listener, hooks, control, lease);
  }

  /** Makes a state durable, then tells the listener. */
  public void enter(MigrationState state, String detail) {
    control.check();
    lease.transition(state, detail);
    listener.onState(state, detail);
  }
}

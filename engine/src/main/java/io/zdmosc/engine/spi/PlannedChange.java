package io.zdmosc.engine.spi;

import io.zdmosc.engine.plan.Plan;
import java.util.function.Consumer;

/** A change that passed every check. Nothing exists for it yet. */
public interface PlannedChange {
  Plan plan();

  /**
   * Opens the change stream on the server and creates the shadow table.
   *
   * <p>The description of what was prepared is durable no later than the shadow table itself, so
   * that {@link Database#reopen} finds both or neither.
   *
   * @param lease of the migration
   * @param streaming false where only the shadow table is wanted, for a sample
   * @param notes is told, from any thread until this returns, what keeps it waiting for long
   */
  PreparedChange prepare(ControlStore.Lease lease, boolean streaming, Consumer<String> notes);
}

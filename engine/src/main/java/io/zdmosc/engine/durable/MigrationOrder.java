package io.zdmosc.engine.durable;

import static java.util.Objects.requireNonNull;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.RunOptions;
import io.zdmosc.engine.plan.Plan;

/** What a migration was asked to do, and how; written down when it is registered. */
public record MigrationOrder(ChangeRequest request, RunOptions options, Plan plan) {
  public MigrationOrder {
    requireNonNull(request, "request is null");
    requireNonNull(options, "options is null");
    requireNonNull(plan, "plan is null");
  }
}

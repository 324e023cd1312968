package io.zdmosc.engine.schedule;

import static java.util.Objects.requireNonNull;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.DryRun;
import io.zdmosc.engine.durable.MigrationOrder;
import java.time.Instant;
import java.util.Optional;

/**
 * What is to be done later.
 *
 * @param order the change by the table's full name, which means the same to whoever runs it, and
 *     the plan that was made when it was added
 * @param priority of the entries that may begin, the one with the highest comes first
 * @param notBefore when it may begin at the earliest
 */
public record NewEntry(MigrationOrder order, int priority, Optional<Instant> notBefore) {
  /**
   * Makes the entry.
   *
   * @throws IllegalArgumentException for a dry run, which could not be gone on with
   */
  public NewEntry {
    requireNonNull(notBefore, "notBefore is null");
    if (order.options().dryRun() != DryRun.NONE) {
      throw new IllegalArgumentException("a dry run cannot be scheduled");
    }
    ChangeRequest asked = order.request();
    order =
        new MigrationOrder(
            new ChangeRequest(
                order.plan().table(),
                asked.alter(),
                asked.stream(),
                asked.hold(),
                asked.reverse(),
                asked.dependents(),
                asked.partitioning()),
            order.options(),
            order.plan());
  }
}

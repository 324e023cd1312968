package io.zdmosc.engine.throttle;

import io.zdmosc.engine.spi.SourceWatch.ReplicaLag;
import java.util.Optional;
import java.util.function.Supplier;

/** How far the server's replicas are behind, by what the server itself knows of them. */
public final class SlowestReplica implements ThrottleSignal {
  private final Supplier<Optional<ReplicaLag>> slowest;
  private final Supplier<Limit> limit;

  /**
   * @param limit in milliseconds; may change at any time
   */
  public SlowestReplica(Supplier<Optional<ReplicaLag>> slowest, Supplier<Limit> limit) {
    this.slowest = slowest;
    this.limit = limit;
  }

  @Override
  public double pressure() {
    return slowest.get().map(lag -> limit.get().pressure(lag.millis())).orElse(0.0);
  }

  @Override
  public String reason() {
    return slowest
        .get()
        .map(lag -> "replica " + lag.name() + " " + lag.millis() + " ms behind")
        .orElse("");
  }
}

package io.zdmosc.engine.throttle;

import io.zdmosc.engine.error.ZdmException;
import io.zdmosc.engine.spi.ReplicaWatch;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** How far a replica is behind, as it says itself. */
public final class ReplicaSignal extends SampledSignal {
  private final String name;
  private final Supplier<ReplicaWatch> opener;
  private final Supplier<Limit> limit;
  private ReplicaWatch watch;

  /**
   * @param name of the replica, for people
   * @param opener connects; called again after the connection was lost
   * @param limit in milliseconds; may change at any time
   */
  public ReplicaSignal(String name, Supplier<ReplicaWatch> opener, Supplier<Limit> limit) {
    this.name = name;
    this.opener = opener;
    this.limit = limit;
  }

  @Override
  protected Reading read() {
    if (watch == null) {
      watch = opener.get();
    }
    OptionalLong lag = watch.lagMillis();
    return lag.isEmpty()
        ? new Reading(1, subject() + " does not replicate at present")
        : new Reading(
            limit.get().pressure(lag.getAsLong()),
            subject() + " " + lag.getAsLong() + " ms behind");
  }

  /** It is asked again over a new connection. */
  @Override
  protected boolean endsTheTry(ZdmException failure) {
    close();
    return false;
  }

  @Override
  protected String subject() {
    return "replica " + name;
  }

  @Override
  public void close() {
    if (watch != null) {
      watch.close();
      watch = null;
    }
  }
}

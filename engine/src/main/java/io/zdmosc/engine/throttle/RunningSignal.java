package io.zdmosc.engine.throttle;

import io.zdmosc.engine.spi.LoadWatch;
import java.util.Optional;
import java.util.function.Supplier;

/** How many statements of others the server works on at the same time. */
public final class RunningSignal extends SampledSignal {
  private final Supplier<LoadWatch> watch;
  private final Supplier<Optional<Limit>> limit;

  /**
   * @param limit may change at any time; while it is empty, nothing is asked
   */
  public RunningSignal(Supplier<LoadWatch> watch, Supplier<Optional<Limit>> limit) {
    this.watch = watch;
    this.limit = limit;
  }

  @Override
  protected Reading read() {
    Optional<Limit> present = limit.get();
    if (present.isEmpty()) {
      return Reading.NONE;
    }
    long running = watch.get().running();
    return new Reading(
        present.get().pressure(running), running + " statements run on the server at once");
  }

  @Override
  protected String subject() {
    return "the number of running statements";
  }
}

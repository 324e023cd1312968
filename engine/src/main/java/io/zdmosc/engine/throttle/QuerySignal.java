package io.zdmosc.engine.throttle;

import io.zdmosc.engine.spi.LoadWatch;
import java.util.Optional;
import java.util.function.Supplier;

/** The answer of a query of the operator's: without a limit of its own, more than 0 stops. */
public final class QuerySignal extends SampledSignal {
  private final String sql;
  private final Supplier<LoadWatch> watch;
  private final Supplier<Optional<Limit>> limit;

  public QuerySignal(String sql, Supplier<LoadWatch> watch, Supplier<Optional<Limit>> limit) {
    this.sql = sql;
    this.watch = watch;
    this.limit = limit;
  }

  @Override
  protected Reading read() {
    double value = watch.get().query(sql);
    double pressure =
        limit.get().map(present -> present.pressure(value)).orElse(value > 0 ? 1.0 : 0.0);
    return new Reading(pressure, subject() + " says " + number(value));
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  @Override
  protected String subject() {
    return "the throttle query";
  }
}

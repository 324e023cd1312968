package io.zdmosc.harness.workload.table;

import java.util.List;
import java.util.function.LongFunction;

/** Ways to make a key's texts out of its number. */
public final class KeyNumbers {
  private KeyNumbers() {}

  /** Extremes of the type first, then one text per slot. All must differ. */
  public static KeyTexts extremesThen(List<String> extremes, LongFunction<String> rest) {
    return (slot, variant) ->
        List.of(slot < extremes.size() ? extremes.get((int) slot) : rest.apply(slot));
  }

  /** Spreads slots over 2^bits values without a collision below 2^bits slots. */
  public static long scatter(long slot, int bits) {
    long mask = (1L << bits) - 1;
    return (slot * 0x9E3779B97F4A7C15L) & mask;
  }
}

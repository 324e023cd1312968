package io.zdmosc.engine.copy;

import io.zdmosc.engine.spi.CopyLayout;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.KeyLocation;
import io.zdmosc.engine.spi.KeyRange;
import java.math.BigInteger;
import java.util.List;

/**
 * Locates keys relative to the copy without asking the server. Right only where Java's order is the
 * server's: for keys of a single integer column that is read in ascending order.
 */
public final class IntegerKeys {
  private IntegerKeys() {}

  /** Where each key lies, in the order given. */
  public static List<KeyLocation> locate(List<Key> keys, CopyLayout layout) {
    return keys.stream().map(key -> location(number(key), layout)).toList();
  }

  private static KeyLocation location(BigInteger key, CopyLayout layout) {
    for (KeyRange range : layout.inFlight()) {
      boolean above = range.lower() == null || key.compareTo(number(range.lower())) > 0;
      boolean below = range.upper() == null || key.compareTo(number(range.upper())) <= 0;
      if (above && below) {
        return KeyLocation.IN_FLIGHT;
      }
    }
    if (layout.complete()) {
      return KeyLocation.COPIED;
    }
    boolean copied =
        layout.frontier().filter(frontier -> key.compareTo(number(frontier)) <= 0).isPresent();
    return copied ? KeyLocation.COPIED : KeyLocation.BEYOND;
  }

  private static BigInteger number(Key key) {
    return new BigInteger(key.column(0));
  }
}

package io.zdmosc.engine.spi;

import java.util.Locale;

/**
 * One key whose rows differ.
 *
 * @param key the source's key; for an extra row the shadow's, which may have no like in the source
 * @param kind how they differ
 * @param detail the columns that differ, or empty; never their values
 */
public record Difference(Key key, Kind kind, String detail) {
  /** How two rows of one key differ. */
  public enum Kind {
    /** The source has the row, the shadow has not. */
    MISSING,
    /** The shadow has a row that the source has not. */
    EXTRA,
    /** Both have it, with different values. */
    DIFFERENT
  }

  @Override
  public String toString() {
    return kind.name().toLowerCase(Locale.ROOT)
        + " row, key "
        + key
        + (detail.isEmpty() ? "" : ": " + detail);
  }
}

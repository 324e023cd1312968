package io.zdmosc.engine;

/** What becomes of the retired table after the cut-over. */
public enum Retire {
  /** It stays, under its retired name, until somebody drops it. */
  KEEP,
  /** It is dropped as soon as the new table serves. */
  DROP
}

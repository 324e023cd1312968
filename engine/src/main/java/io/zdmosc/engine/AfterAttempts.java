package io.zdmosc.engine;

/** What becomes of a migration whose attempts at the cut-over are used up. */
public enum AfterAttempts {
  /** It stays ready, until an order or the next window of the cut-over lets it try again. */
  WAIT,
  /** It ends, and what it has built is removed. */
  DISCARD
}

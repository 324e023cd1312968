package io.zdmosc.engine.spi;

/** Where a key lies relative to the copy. */
public enum KeyLocation {
  /** Its chunk has committed: a change must be flushed. */
  COPIED,
  /** Its chunk is under way: a change waits for that chunk's commit. */
  IN_FLIGHT,
  /** No chunk has it yet: the later chunk will read the change. */
  BEYOND
}

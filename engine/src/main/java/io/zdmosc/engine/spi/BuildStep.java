package io.zdmosc.engine.spi;

/** An index or a constraint that the shadow table gets after the copy. */
public interface BuildStep {
  /** What is built, by its final name. */
  String describe();

  /** True when it can be built while others are; false when it needs the shadow table alone. */
  boolean parallel();

  /**
   * Builds it, on a connection of its own, from scratch: what an earlier failed try left behind is
   * removed first.
   *
   * @param processes how many of the server's processes it may keep busy, at least one
   * @throws UniqueConflictException when rows of the shadow table meet on it
   */
  void run(int processes);
}

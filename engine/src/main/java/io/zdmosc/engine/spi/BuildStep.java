package io.zdmosc.engine.spi;

import static java.util.Objects.requireNonNull;

import java.util.function.IntConsumer;

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

  /**
   * A step that does this work.
   *
   * @param words what is built
   * @param parallel whether it can be built while others are
   * @param work {@link #run}
   */
  static BuildStep of(String words, boolean parallel, IntConsumer work) {
    requireNonNull(words, "words is null");
    requireNonNull(work, "work is null");
    return new BuildStep() {
      @Override
      public String describe() {
        return words;
      }

      @Override
      public boolean parallel() {
        return parallel;
      }

      @Override
      public void run(int processes) {
        work.accept(processes);
      }
    };
  }
}

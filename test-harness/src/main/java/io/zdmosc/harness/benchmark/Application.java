package io.zdmosc.harness.benchmark;

import java.io.IOException;

/** The load of an application, which runs until it is closed. */
interface Application extends AutoCloseable {
  /** Whether it still runs. */
  boolean isAlive();

  /** What it has printed. */
  String output() throws IOException;

  /**
   * What the application did in a span of time, after it has ended.
   *
   * @param from in microseconds since 1970
   * @param to in microseconds since 1970
   */
  LoadFigures figures(long from, long to) throws IOException;

  @Override
  void close();
}

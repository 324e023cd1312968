package io.zdmosc.cli.output;

/** A terminal that understands cursor movement. */
public interface Screen extends AutoCloseable {
  /** Its present width in characters. */
  int width();

  boolean color();

  /** True when it shows characters outside of ASCII. */
  boolean unicode();

  /** Writes and flushes. */
  void write(String text);

  @Override
  void close();
}

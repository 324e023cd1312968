package io.zdmosc.engine.spi;

/**
 * A place in the server's log: an LSN, or a binlog coordinate. Positions of one log are ordered.
 */
public interface Position extends Comparable<Position> {
  /** The position as the server writes it. */
  @Override
  String toString();
}

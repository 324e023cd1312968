package io.zdmosc.engine.spi;

/**
 * Which commits were visible to new snapshots at one moment. A commit that is contained stays so:
 * every read that begins later sees it.
 */
public interface Settlement {
  boolean contains(SourceTransaction transaction);
}

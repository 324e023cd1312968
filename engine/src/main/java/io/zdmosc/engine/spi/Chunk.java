package io.zdmosc.engine.spi;

/**
 * A range of keys that is copied in one short transaction.
 *
 * @param number counted from 1 in the order in which chunks are handed out
 */
public record Chunk(long number, KeyRange range) {}

package io.zdmosc.engine.spi;

/**
 * Counts and checksums of one range, both sides read in one snapshot.
 *
 * @param sourceRows rows of the source in the range
 * @param shadowRows rows of the shadow in the range
 * @param equal true when counts and checksums agree
 */
public record RangeComparison(long sourceRows, long shadowRows, boolean equal) {}

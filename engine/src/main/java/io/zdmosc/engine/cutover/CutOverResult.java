package io.zdmosc.engine.cutover;

/**
 * How the cut-over went.
 *
 * @param attempts how often the lock was asked for
 * @param longestStallMillis from asking for the lock to its release, the longest of all attempts
 */
public record CutOverResult(int attempts, double longestStallMillis) {}

package io.zdmosc.engine.traffic;

import java.time.Instant;

/**
 * Counters of the server at one moment. They only grow, but for a restart or a reset of the
 * server's statistics.
 *
 * @param at when they were read, by the clock of the reader
 * @param tableWrites rows of the table inserted, updated and deleted so far; -1 when the server
 *     does not count them
 * @param serverWrites rows of all tables inserted, updated and deleted so far
 */
public record TrafficSample(Instant at, long tableWrites, long serverWrites) {}

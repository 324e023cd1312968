package io.zdmosc.harness.workload;

import java.time.Instant;

/**
 * Something that an application would have seen go wrong.
 *
 * @param writer which writer saw it
 * @param operation what the writer was doing
 * @param sqlState the server's code; null if the server did not complain
 * @param message what went wrong
 * @param statement the beginning of the statement, if one failed; else empty
 * @param at when
 */
public record WorkloadError(
    String writer,
    String operation,
    String sqlState,
    String message,
    String statement,
    Instant at) {}

package io.zdmosc.engine.progress;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.window.Outlook;
import java.util.Optional;

/**
 * A migration at one moment.
 *
 * @param state its phase
 * @param rowsDone rows that the present phase has dealt with
 * @param rowsTotal rows that it has to deal with, estimated; 0 when unknown
 * @param rowsPerSecond by a moving average
 * @param etaSeconds of the present phase; -1 when unknown
 * @param lagBytes log that the stream has not yet taken in and flushed
 * @param lagMillis age of the oldest change not yet flushed
 * @param deltaKeys changed keys not yet flushed
 * @param changesApplied keys flushed so far
 * @param chunkMillis the 90th percentile of recent chunks' durations
 * @param chunkRows the present size of a chunk
 * @param threads threads at work in the present phase
 * @param throttle why the phase waits or goes slower than it could, or empty
 * @param detail what the phase is at, or empty
 * @param outlook what windows mean for the work that is left; empty when nothing restricts it
 */
public record Progress(
    MigrationState state,
    long rowsDone,
    long rowsTotal,
    long rowsPerSecond,
    long etaSeconds,
    long lagBytes,
    long lagMillis,
    long deltaKeys,
    long changesApplied,
    long chunkMillis,
    long chunkRows,
    int threads,
    String throttle,
    String detail,
    Optional<Outlook> outlook) {}

package io.zdmosc.engine.spi;

import io.zdmosc.engine.MigrationState;
import java.time.Instant;

/**
 * How a migration stands, by its durable record.
 *
 * @param detail of the state, or empty
 * @param open true until it has ended
 * @param alive true when a process holds its lease
 * @param owner the process that drives it, or drove it last
 * @param rowsCopied by the chunks' records, which are removed at the end
 * @param rowsTotal estimated when it began; 0 where that is not known
 * @param changedAt when its state was written
 */
public record MigrationStatus(
    long id,
    String table,
    String alter,
    MigrationState state,
    String detail,
    boolean dryRun,
    boolean open,
    boolean alive,
    String owner,
    long rowsCopied,
    long rowsTotal,
    Instant begunAt,
    Instant changedAt,
    Orders orders) {}

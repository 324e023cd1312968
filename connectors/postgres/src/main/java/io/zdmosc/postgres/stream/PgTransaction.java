package io.zdmosc.postgres.stream;

import io.zdmosc.engine.spi.SourceTransaction;
import java.time.Instant;

/**
 * A committed transaction.
 *
 * @param xid the lower 32 bits of its id
 * @param position where its commit record starts
 * @param committedAt by the server's clock
 */
public record PgTransaction(long xid, Lsn position, Instant committedAt)
    implements SourceTransaction {}

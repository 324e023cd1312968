package io.zdmosc.mysql.stream;

import io.zdmosc.engine.spi.SourceTransaction;
import java.time.Instant;

/**
 * A transaction out of the binary log.
 *
 * @param gtid as the server writes it: {@code uuid:number}, {@code uuid:tag:number}, on MariaDB
 *     {@code domain-server-sequence}; empty where the server gives none
 * @param position where its events begin
 * @param committedAt by the server's clock
 * @param receivedNanos when the reader met it, by {@link System#nanoTime}
 */
public record BinlogTransaction(
    String gtid, BinlogPosition position, Instant committedAt, long receivedNanos)
    implements SourceTransaction {}

/**
 * The change stream over the binary log.
 *
 * <p>The position is noted before the first read; from there on the log is read as a replica reads
 * it. Row events of other tables, our own shadow above all, are dropped before their rows are
 * decoded.
 */
package io.zdmosc.mysql.stream;

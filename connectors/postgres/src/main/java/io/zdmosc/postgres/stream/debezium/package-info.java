/**
 * The change stream over Debezium's PostgreSQL connector, embedded.
 *
 * <p>Debezium parses the server's text into Java values before it hands them on. A key must come
 * out as it went in, so the types whose values survive this are listed in {@link
 * io.zdmosc.postgres.stream.debezium.KeyRules} and written back by {@link
 * io.zdmosc.postgres.stream.debezium.KeyText}; a key of any other type is refused before the stream
 * starts.
 *
 * <p>What the slot confirms: Debezium confirms the offset of the last record that was marked as
 * processed. {@link io.zdmosc.postgres.stream.debezium.Acknowledgement} marks no record with its
 * own offset, only with one that it makes from the acknowledged position, so nothing else can ever
 * be confirmed.
 *
 * <p>One weakness is Debezium's own: at the first event, and whenever the catalog entry of the
 * source has changed, it reads the table's columns over a second connection. The server locks the
 * table to write out a default or generation expression. So when the table has any, this read, and
 * with it the fence, waits under the cut-over's lock until the cut-over gives up; the next attempt
 * finds it done. Tables without such expressions are not affected.
 */
package io.zdmosc.postgres.stream.debezium;

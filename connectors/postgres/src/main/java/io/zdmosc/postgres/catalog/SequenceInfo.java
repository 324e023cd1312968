package io.zdmosc.postgres.catalog;

/**
 * A sequence that belongs to a column.
 *
 * @param column the owning column's {@code attnum}
 * @param identity true for an identity column's sequence, false for one that is merely owned
 * @param comment null for none
 */
public record SequenceInfo(
    long oid,
    String schema,
    String name,
    int column,
    boolean identity,
    String type,
    String comment) {}

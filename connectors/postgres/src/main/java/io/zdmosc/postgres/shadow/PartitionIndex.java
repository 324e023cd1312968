package io.zdmosc.postgres.shadow;

import io.zdmosc.postgres.catalog.IndexInfo;

/**
 * An index that a partition has by itself, and not from its table.
 *
 * @param partition the final name of the partition
 * @param name the index's final name
 * @param index as it is on the changed template, where it has another name
 */
public record PartitionIndex(String partition, String name, IndexInfo index) {}

package io.zdmosc.postgres.shadow;

import io.zdmosc.postgres.catalog.IndexInfo;

/**
 * An index that a partition has by itself, and not from its table.
 *
 * @param partition the final name of the partition
 * @param name the index's final name
 * @param index as it is on the changed template, where it has another name
 * @param whole the final name of the index of which it is a part though that is not valid; else
 *     null
 */
public record PartitionIndex(String partition, String name, IndexInfo index, String whole) {}

package io.zdmosc.postgres.shadow;

import io.zdmosc.postgres.catalog.ConstraintInfo;

/**
 * A constraint that a partition has by itself, and not from its table.
 *
 * @param partition the final name of the partition
 * @param constraint as it is on the changed template
 */
public record PartitionConstraint(String partition, ConstraintInfo constraint) {}

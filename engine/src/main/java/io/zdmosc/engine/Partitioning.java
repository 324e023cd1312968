package io.zdmosc.engine;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * How the new table is to be partitioned, in the words of the user.
 *
 * @param by what follows {@code PARTITION BY}
 * @param partitions each a partition's name and what follows it, or a rule that makes several;
 *     which rules there are is the connector's affair
 */
public record Partitioning(String by, List<String> partitions) {
  public Partitioning {
    requireNonNull(by, "by is null");
    partitions = List.copyOf(partitions);
  }
}

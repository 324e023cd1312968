package io.zdmosc.engine.plan;

/**
 * What a dry run expects of the real one, from what it measured on a sample.
 *
 * @param sampleRows rows that were copied and compared
 * @param copySeconds for all rows, with the threads asked for
 * @param indexSeconds for all indexes and constraints
 * @param verifySeconds for all rows
 * @param diskBytes for the shadow table and its indexes
 * @param logBytes of WAL or binlog that the migration writes
 */
public record Estimate(
    long sampleRows,
    double copySeconds,
    double indexSeconds,
    double verifySeconds,
    long diskBytes,
    long logBytes) {
  public double totalSeconds() {
    return copySeconds + indexSeconds + verifySeconds;
  }
}

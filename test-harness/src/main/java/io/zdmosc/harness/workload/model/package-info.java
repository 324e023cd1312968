/**
 * The memory of every acknowledged write.
 *
 * <p>Rows are known by a {@link io.zdmosc.harness.workload.model.RowId}, not by their key's text:
 * which keys are equal is for the server to say. Rows are partitioned among owners. Whoever writes
 * a row holds its owner's lock until the transaction's end is known, so the order of commits is
 * known without asking the server. Only hot rows are written without a lock: there, effects either
 * commute or carry the row's version.
 */
package io.zdmosc.harness.workload.model;

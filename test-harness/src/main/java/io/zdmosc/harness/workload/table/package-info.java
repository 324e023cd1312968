/**
 * What a test table looks like, and what a change does to it.
 *
 * <p>A {@link io.zdmosc.harness.workload.table.TableCase} pairs a source table with a change. The
 * table's columns have an <em>id</em> by which the workload knows them ({@code cnt}, {@code note})
 * and a <em>name</em> in the database, which may be hostile, and which the change may take away.
 * What differs between databases lives behind {@link io.zdmosc.harness.workload.table.SqlDialect}.
 */
package io.zdmosc.harness.workload.table;

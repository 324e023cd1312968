/** The tables, changes and SQL of the workload for PostgreSQL. */
package io.zdmosc.harness.workload.postgres;

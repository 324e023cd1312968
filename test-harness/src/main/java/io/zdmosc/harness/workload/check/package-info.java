/** Compares a table, migrated or not, with what the model says it must hold. */
package io.zdmosc.harness.workload.check;

/**
 * The adversarial workload: writers of many characters on one table, a model of what they were
 * promised, and a checker that compares the two.
 */
package io.zdmosc.harness.workload;

/**
 * Times zdm-osc beside the blocking ALTER TABLE and pg_repack, on the same server and the same data
 * in one run. Not a test: run it by hand, on a machine that does nothing else.
 */
package io.zdmosc.harness.benchmark;

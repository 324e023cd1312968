/** Learns from samples of the write rate when a table is quiet, and proposes windows. */
package io.zdmosc.engine.traffic;

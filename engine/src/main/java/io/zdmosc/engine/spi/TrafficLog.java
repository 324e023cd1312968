package io.zdmosc.engine.spi;

import io.zdmosc.engine.traffic.TrafficSample;
import java.util.List;

/**
 * Samples of one table's and its server's write rate, read from statistics that the server keeps
 * anyway, and stored in the control schema. No table of the application is touched.
 */
public interface TrafficLog {
  /** The table's qualified name, as the server has it. */
  String table();

  /** Reads the server's counters now, and stores them. */
  TrafficSample sample();

  /** What was stored in the last eight weeks, oldest first; older samples are dropped. */
  List<TrafficSample> stored();
}

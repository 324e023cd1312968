package io.zdmosc.harness.workload;

import java.sql.Connection;
import java.sql.SQLException;

/** Opens connections for the workload; each writer keeps its own. Must be thread-safe. */
@FunctionalInterface
public interface ConnectionSource {
  Connection open() throws SQLException;
}

package io.zdmosc.cli.output;

import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.progress.Summary;

/**
 * Shows a migration on standard output.
 *
 * <p>Thread-safe. Each method returns soon and throws nothing.
 */
public interface OutputRenderer extends MigrationListener, AutoCloseable {
  /** The end of a migration that went well. */
  void onSummary(Summary summary);

  /** Leaves the terminal as it was. Safe to call again. */
  @Override
  void close();
}

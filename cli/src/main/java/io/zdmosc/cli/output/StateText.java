package io.zdmosc.cli.output;

import io.zdmosc.engine.MigrationState;

/** A change of state in one line. */
final class StateText {
  private StateText() {}

  static String of(MigrationState state, String detail) {
    return detail == null || detail.isBlank() ? state.label() : state.label() + ": " + detail;
  }
}

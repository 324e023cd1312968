package io.zdmosc.engine.error;

import java.util.List;

/** Suppressed in another error: what could not be removed when the migration ended. */
public final class LeftBehindException extends ZdmException {
  private static final long serialVersionUID = 1L;

  public LeftBehindException(List<String> objects) {
    super(
        ExitCode.FAILED,
        "Left behind: " + String.join("; ", objects),
        "The source table is untouched.",
        "zdm-osc cleanup",
        null);
  }
}

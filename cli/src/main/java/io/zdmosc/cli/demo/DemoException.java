package io.zdmosc.cli.demo;

import io.zdmosc.engine.error.ExitCode;
import io.zdmosc.engine.error.ZdmException;

/** The demo could not be shown, or its table does not hold what it should. */
public final class DemoException extends ZdmException {
  private static final long serialVersionUID = 1L;

  DemoException(String message, String next, Throwable cause) {
    super(ExitCode.FAILED, message, "The demo's server and its data are removed.", next, cause);
  }
}

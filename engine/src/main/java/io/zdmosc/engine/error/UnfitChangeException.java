package io.zdmosc.engine.error;

import java.util.List;

/**
 * Refused because the table does not take the change as it is asked for: whoever asks for it again
 * is refused again. Other reasons may be among the problems.
 */
public final class UnfitChangeException extends RefusedException {
  private static final long serialVersionUID = 1L;

  public UnfitChangeException(List<Problem> problems, Throwable cause) {
    super(problems, cause);
  }
}

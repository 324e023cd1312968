package io.zdmosc.harness.workload.writer;

/**
 * The table does not hold what was acknowledged: a writer touched or read other rows than it must.
 */
public final class LostWriteException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LostWriteException(String message) {
    super(message);
  }
}

package io.zdmosc.engine.error;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The change was refused before anything was touched; all the reasons at once.
 *
 * @see BusyException
 */
public class RefusedException extends ZdmException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  public RefusedException(List<Problem> problems) {
    this(problems, null);
  }

  public RefusedException(List<Problem> problems, Throwable cause) {
    super(
        ExitCode.REFUSED,
        problems.stream().map(Problem::toString).collect(Collectors.joining("\n")),
        "Nothing was touched.",
        "",
        cause);
    this.problems = List.copyOf(problems);
  }

  /** One reason only. */
  public static RefusedException of(String object, String what, String remedy) {
    return new RefusedException(List.of(new Problem(object, what, remedy)));
  }

  public final List<Problem> problems() {
    return problems == null ? List.of() : problems;
  }
}

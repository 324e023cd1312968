package io.zdmosc.cli.config;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import java.util.ArrayList;
import java.util.List;

/** Gathers everything that is wrong with the input, so that the user hears of it at once. */
public final class Problems {
  private final List<Problem> found = new ArrayList<>();

  public void add(String object, String what, String remedy) {
    found.add(new Problem(object, what, remedy));
  }

  /** An option is not there; no news when something else is wrong with it already. */
  public void addMissing(String option, String remedy) {
    if (found.stream().noneMatch(problem -> problem.object().equals(option))) {
      add(option, "is missing", remedy);
    }
  }

  public List<Problem> found() {
    return List.copyOf(found);
  }

  /**
   * Goes on only when nothing is wrong.
   *
   * @throws RefusedException with all problems
   */
  public void refuseIfAny() {
    if (!found.isEmpty()) {
      throw new RefusedException(found);
    }
  }
}

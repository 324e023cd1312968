package io.zdmosc.engine;

import java.util.List;

/**
 * What may become of what depends on the table and cannot go on with the new one as it is.
 *
 * @param drop the names of views that the swap drops, as the user wrote them
 */
public record Dependents(List<String> drop) {
  /** Nothing may. */
  public static final Dependents KEPT = new Dependents(List.of());

  public Dependents {
    drop = List.copyOf(drop);
  }
}

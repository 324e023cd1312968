package io.zdmosc.engine;

import java.util.List;

/**
 * What may become of what depends on the table and cannot go on with the new one as it is.
 *
 * @param drop the names of views that the swap drops, as the user wrote them
 * @param rebuild whether materialized views may be built anew
 */
public record Dependents(List<String> drop, boolean rebuild) {
  /** Nothing may. */
  public static final Dependents KEPT = new Dependents(List.of(), false);

  public Dependents {
    drop = List.copyOf(drop);
  }
}

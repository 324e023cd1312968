package io.zdmosc.engine;

import java.util.List;

/**
 * What may become of what depends on the table and cannot go on with the new one as it is.
 *
 * @param drop the names of views that the swap drops, as the user wrote them
 * @param rebuildMaterializedViews whether new ones may be filled from the new table, which reads
 *     all that they read once more
 * @param allTablesPublications the names of publications of all tables whose readers are told by
 *     the user to leave out what is not meant for them
 */
public record Dependents(
    List<String> drop, boolean rebuildMaterializedViews, List<String> allTablesPublications) {
  /** Nothing may. */
  public static final Dependents KEPT = new Dependents(List.of());

  public Dependents {
    drop = List.copyOf(drop);
    allTablesPublications = List.copyOf(allTablesPublications);
  }

  /** With views that the swap drops, and nothing else. */
  public Dependents(List<String> drop) {
    this(drop, false, List.of());
  }

  /** The same, with materialized views made anew on the new table. */
  public Dependents rebuildingMaterializedViews() {
    return new Dependents(drop, true, allTablesPublications);
  }
}

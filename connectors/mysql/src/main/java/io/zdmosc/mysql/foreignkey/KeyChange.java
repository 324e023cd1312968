package io.zdmosc.mysql.foreignkey;

import io.zdmosc.mysql.sql.QualifiedName;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What becomes of the foreign keys in a change.
 *
 * @param before the keys of the table and to it
 * @param after the same when it is done; the incoming ones in the order of those before
 */
public record KeyChange(TableKeys before, TableKeys after) {
  public static final KeyChange NONE = new KeyChange(TableKeys.NONE, TableKeys.NONE);

  public boolean isEmpty() {
    return before.isEmpty() && after.isEmpty();
  }

  /** The change that takes this one back. */
  public KeyChange reversed() {
    return new KeyChange(after, before);
  }

  /** All other tables that have to do with it. */
  public Set<QualifiedName> related() {
    Set<QualifiedName> related = new LinkedHashSet<>(before.parents());
    related.addAll(after.parents());
    related.addAll(before.children());
    return related;
  }
}

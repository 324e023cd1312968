package io.zdmosc.postgres.owned;

import java.util.List;

/**
 * A thing that hangs on a table.
 *
 * @param name without its table's
 * @param oid in the catalog of its kind
 * @param statements that make it, the first one by itself, the others what it has besides; they
 *     name the table, qualified
 */
record Definition(String name, long oid, List<String> statements) {
  Definition {
    statements = List.copyOf(statements);
  }
}

package io.zdmosc.postgres.verify;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.postgres.shadow.KeyColumn;
import io.zdmosc.postgres.shadow.MappedColumn;
import io.zdmosc.postgres.shadow.Working;
import io.zdmosc.postgres.sql.KeySql;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Compares a range of both tables by merging the two along their keys, value by value. It sees what
 * two hashes would see, and does half their work; but it needs keys that both indexes hold in the
 * same order and of which none can meet another.
 */
final class JoinedRanges {
  /** Both indexes give the order: nothing is to be sorted or looked up. */
  static final String SETTINGS =
      "SET LOCAL enable_mergejoin = on; SET LOCAL enable_nestloop = off;"
          + " SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off";

  private final Working working;
  private final KeySql keys;
  private final List<MappedColumn> compared;

  JoinedRanges(Working working) {
    this.working = working;
    this.keys = working.keys();
    this.compared = working.spec().columns().stream().filter(MappedColumn::isCompared).toList();
  }

  /** True when the keys are fit for it. */
  static boolean fits(Working working) {
    return working.identity().staysUnique();
  }

  /** Gives the rows of the source and of the shadow, and whether all are the same. */
  String sql(KeySql.Condition source, KeySql.Condition shadow) {
    List<String> left = new ArrayList<>();
    List<String> right = new ArrayList<>();
    List<String> same = new ArrayList<>();
    int number = 0;
    for (KeyColumn column : keys.identity().columns()) {
      String key = "zdm_k" + number++;
      left.add(keys.alias() + "." + name(column.source()) + " AS " + key);
      right.add("zdm_s." + name(column.shadow()) + " AS " + key);
      same.add("a." + key + " = b." + key);
    }
    List<String> different = new ArrayList<>();
    for (MappedColumn column : compared) {
      String value = "zdm_v" + number++;
      left.add(column.comparedSource() + " AS " + value);
      right.add(column.comparedShadow("zdm_s") + " AS " + value);
      different.add(
          RowHash.part(column.comparedAs(), "a." + value)
              + " IS DISTINCT FROM "
              + RowHash.part(column.comparedAs(), "b." + value));
    }
    return "SELECT count(a.zdm_k0), count(b.zdm_k0), count(*) FILTER (WHERE "
        + different.stream().collect(Collectors.joining(" OR "))
        + ") = 0 FROM (SELECT "
        + String.join(", ", left)
        + " FROM "
        + working.sourceSql()
        + " AS "
        + keys.alias()
        + " WHERE "
        + source.sql()
        + ") AS a FULL JOIN (SELECT "
        + String.join(", ", right)
        + " FROM "
        + working.shadowSql()
        + " AS zdm_s WHERE "
        + shadow.sql()
        + ") AS b ON "
        + String.join(" AND ", same);
  }
}

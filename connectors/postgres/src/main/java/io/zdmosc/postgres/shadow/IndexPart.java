package io.zdmosc.postgres.shadow;

import static io.zdmosc.postgres.sql.Sql.name;

import java.util.ArrayList;
import java.util.List;

/**
 * A partition's part of an index, with what it has and would not get when the index is built.
 *
 * @param partition the partition's name
 * @param whole the name of the index of which it is a part: of the table's own, or of that of a
 *     partition which is cut into partitions
 * @param clustered whether the partition is clustered on it
 * @param identity whether it is the partition's replica identity
 */
public record IndexPart(
    String partition, String whole, List<Setting> settings, boolean clustered, boolean identity) {

  /**
   * A statement about it.
   *
   * @param before what stands before its name
   * @param after what follows
   */
  public record Setting(String before, String after) {}

  public IndexPart {
    settings = List.copyOf(settings);
  }

  IndexPart ofWhole(String name) {
    return new IndexPart(partition, name, settings, clustered, identity);
  }

  /**
   * The statements that give it all that.
   *
   * @param schema of its partition
   * @param table that partition, by its present name
   * @param index its own present name
   */
  List<String> statements(String schema, String table, String index) {
    List<String> statements = new ArrayList<>();
    for (Setting setting : settings) {
      statements.add(setting.before() + name(schema, index) + setting.after());
    }
    if (clustered) {
      statements.add("ALTER TABLE " + name(schema, table) + " CLUSTER ON " + name(index));
    }
    if (identity) {
      statements.add(IndexSql.identify(name(schema, table), index));
    }
    return statements;
  }

  /** Whether some of it only holds for what is written into the index afterwards. */
  public boolean mustBeBuiltAnew() {
    return settings.stream().anyMatch(each -> each.after().matches("(?s) (RE)?SET \\(.*"));
  }
}

package io.zdmosc.mysql.foreignkey;

import io.zdmosc.mysql.catalog.Catalog;
import io.zdmosc.mysql.catalog.IndexInfo;
import io.zdmosc.mysql.control.MigrationNames;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.QualifiedName;
import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Everything about the keys in one exchange of two tables, as it is written down before the first
 * of them is touched.
 *
 * @param source what serves before it
 * @param shadow what serves after it, by its name before
 * @param retired the source by its name after it
 * @param serving the shadow by its name after it
 */
public record KeyExchange(
    QualifiedName source,
    QualifiedName shadow,
    QualifiedName retired,
    QualifiedName serving,
    List<Own> own,
    List<Incoming> incoming) {
  public KeyExchange {
    own = List.copyOf(own);
    incoming = List.copyOf(incoming);
  }

  /**
   * A key that the new table is to have.
   *
   * @param key between the tables by their names after the exchange
   * @param temporary its name until it can have its own
   * @param index that the server may have made for it, and that has another name meanwhile; else
   *     both names are empty
   */
  public record Own(ForeignKey key, String temporary, String index, String temporaryIndex) {}

  /**
   * A key of another table.
   *
   * @param before to the source
   * @param after to the table that serves after the exchange
   * @param toSource the name of the key that stands in for it on the one side
   * @param toShadow the name of the one on the other side
   */
  public record Incoming(
      ForeignKey before,
      ForeignKey after,
      String toSource,
      String toShadow,
      String index,
      String temporaryIndex) {}

  /** Of these tables; reads which indexes they use. */
  static KeyExchange of(Session session, Working working) throws SQLException {
    long id = working.migrationId();
    QualifiedName shadow =
        new QualifiedName(working.names().shadowSchema(), working.names().shadow());
    Indexes indexes = new Indexes(session);
    List<Own> own = new ArrayList<>();
    List<Incoming> incoming = new ArrayList<>();
    int number = 0;
    for (ForeignKey key : working.foreignKeys().after().own()) {
      String index = indexes.of(shadow, key.columns());
      String temporary = index.isEmpty() ? "" : MigrationNames.keyIndex(id, number);
      own.add(new Own(key, MigrationNames.key(id, number++), index, temporary));
    }
    List<ForeignKey> before = working.foreignKeys().before().incoming();
    List<ForeignKey> after = working.foreignKeys().after().incoming();
    for (int i = 0; i < before.size(); i++) {
      ForeignKey key = before.get(i);
      String index = indexes.of(key.table(), key.columns());
      String temporary = index.isEmpty() ? "" : MigrationNames.keyIndex(id, number);
      incoming.add(
          new Incoming(
              key,
              after.get(i),
              MigrationNames.oldKey(id, number),
              MigrationNames.key(id, number++),
              index,
              temporary));
    }
    return new KeyExchange(
        new QualifiedName(working.source().table().schema(), working.source().table().name()),
        shadow,
        new QualifiedName(working.names().retiredSchema(), working.names().retired()),
        new QualifiedName(working.source().table().schema(), working.spec().finalName()),
        own,
        incoming);
  }

  /**
   * The index that the server has made for a key, or may have: it would make another one for the
   * next key on the same columns, and drop this one. One that is renamed it leaves alone.
   */
  private static final class Indexes {
    private final Catalog catalog;
    private final Map<QualifiedName, List<IndexInfo>> free = new HashMap<>();

    Indexes(Session session) {
      this.catalog = new Catalog(session);
    }

    /** Its name; empty when there is none, or another key has it. */
    String of(QualifiedName table, List<String> columns) throws SQLException {
      if (!free.containsKey(table)) {
        free.put(table, new ArrayList<>(catalog.indexes(table.schema(), table.name())));
      }
      List<IndexInfo> indexes = free.get(table);
      Optional<IndexInfo> found =
          indexes.stream().filter(index -> isMadeFor(index, columns)).findFirst();
      found.ifPresent(indexes::remove);
      return found.map(IndexInfo::name).orElse("");
    }

    private static boolean isMadeFor(IndexInfo index, List<String> columns) {
      return !index.unique()
          && index.type().equals("BTREE")
          && index.parts().size() == columns.size()
          && IntStream.range(0, columns.size())
              .allMatch(i -> columns.get(i).equalsIgnoreCase(index.parts().get(i).column()));
    }
  }

  /** The tables whose keys refer to this one, in the order of names. */
  public Set<QualifiedName> children() {
    Set<QualifiedName> children =
        new TreeSet<>(
            Comparator.comparing(QualifiedName::schema).thenComparing(QualifiedName::name));
    incoming.forEach(key -> children.add(key.before().table()));
    return children;
  }
}

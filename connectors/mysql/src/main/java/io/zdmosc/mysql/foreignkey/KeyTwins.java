package io.zdmosc.mysql.foreignkey;

import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.mysql.alter.TableDdl.Item;
import io.zdmosc.mysql.alter.TableDdl.ItemKind;
import io.zdmosc.mysql.control.ControlSchema;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.QualifiedName;
import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Empty tables in the control schema like those that have to do with the table by foreign keys, for
 * the clause to be tried among them: so the server itself says which keys do not fit the changed
 * table, and follows renamed columns into the keys of other tables.
 */
public final class KeyTwins {
  private final Session session;
  private final TableKeys keys;
  private final QualifiedName table;
  private final QualifiedName twin;
  private final Map<QualifiedName, QualifiedName> parents = new LinkedHashMap<>();
  private final Map<QualifiedName, QualifiedName> children = new LinkedHashMap<>();

  /**
   * @param keys of the table
   * @param twin the name of the table's own twin
   */
  public KeyTwins(Session session, TableKeys keys, QualifiedName table, String twin) {
    this.session = session;
    this.keys = keys;
    this.table = table;
    this.twin = new QualifiedName(ControlSchema.NAME, twin);
    keys.parents().forEach(parent -> parents.put(parent, name("parent" + parents.size())));
    keys.children().forEach(child -> children.put(child, name("child" + children.size())));
  }

  private QualifiedName name(String kind) {
    return new QualifiedName(ControlSchema.NAME, "zdm_" + kind + "_" + session.id());
  }

  /** The tables that the table refers to; they come before it. */
  public void makeParents() throws SQLException {
    for (Map.Entry<QualifiedName, QualifiedName> parent : parents.entrySet()) {
      make(parent.getKey(), parent.getValue());
    }
  }

  private void make(QualifiedName original, QualifiedName copy) throws SQLException {
    session.execute("DROP TABLE IF EXISTS " + copy.sql());
    try {
      session.execute("CREATE TABLE " + copy.sql() + " LIKE " + original.sql());
    } catch (SQLException e) {
      throw refused(
          "table " + original.sql(),
          "which has to do with the table by a foreign key, cannot be made again empty",
          e);
    }
  }

  /** The table's own keys, for the definition of its twin. */
  public List<Item> items() {
    return keys.own().stream()
        .map(
            key -> {
              QualifiedName target = key.isToItself() ? twin : parents.get(key.target());
              return new Item(
                  ItemKind.FOREIGN_KEY, key.name(), key.between(twin, target).definition());
            })
        .toList();
  }

  /** The tables that refer to the table; they come behind its twin. */
  public void makeChildren() throws SQLException {
    for (Map.Entry<QualifiedName, QualifiedName> child : children.entrySet()) {
      make(child.getKey(), child.getValue());
    }
    for (int number = 0; number < keys.incoming().size(); number++) {
      ForeignKey key = keys.incoming().get(number);
      QualifiedName child = children.get(key.table());
      try {
        session.execute(
            "ALTER TABLE "
                + child.sql()
                + " ADD "
                + key.between(child, twin).named(temporary(number)).definition());
      } catch (SQLException e) {
        throw refused("foreign key " + key.words(), "is not taken by the server any more", e);
      }
    }
  }

  private RefusedException refused(String object, String what, SQLException e) throws SQLException {
    if (Failures.isConnectionLoss(e) || Failures.isLockTimeout(e) || Failures.isCancelled(e)) {
      throw e;
    }
    return RefusedException.of(
        object,
        what + ": " + translated(Failures.words(e)),
        "Look at what it was made with, and at the server's settings.");
  }

  /** Keys of several databases may have the same name. */
  private String temporary(int number) {
    return "zdm_key" + number + "_" + session.id();
  }

  /** The server's words with the names of the tables and keys that are meant. */
  public String translated(String words) {
    String meant = words;
    for (int number = 0; number < keys.incoming().size(); number++) {
      meant = replaced(meant, temporary(number), keys.incoming().get(number).name());
    }
    for (Map<QualifiedName, QualifiedName> twins : List.of(parents, children)) {
      for (Map.Entry<QualifiedName, QualifiedName> entry : twins.entrySet()) {
        meant = replaced(meant, entry.getValue().name(), entry.getKey().name());
      }
    }
    return replaced(meant, twin.name(), table.name());
  }

  private static String replaced(String words, String name, String by) {
    return words.replaceAll(Pattern.quote(name) + "\\b", Matcher.quoteReplacement(by));
  }

  /**
   * What has become of the keys when the clause was run on the twin.
   *
   * @param serving the changed table's name
   */
  public KeyChange read(QualifiedName serving) throws SQLException {
    List<ForeignKey> own = new ArrayList<>();
    for (ForeignKey key : TableKeys.own(session, twin)) {
      if (isOld(key)) { // others are none that this can carry over
        own.add(renamed(real(key, serving), serving));
      }
    }
    Map<String, ForeignKey> byName = new LinkedHashMap<>();
    for (QualifiedName child : children.values()) {
      TableKeys.own(session, child).forEach(key -> byName.put(key.name(), key));
    }
    List<ForeignKey> incoming = new ArrayList<>();
    for (int number = 0; number < keys.incoming().size(); number++) {
      ForeignKey before = keys.incoming().get(number);
      ForeignKey after =
          Optional.ofNullable(byName.get(temporary(number)))
              .orElseThrow(() -> new SQLException("a rehearsed foreign key is gone"));
      incoming.add(before.between(before.table(), serving).toColumns(after.targetColumns()));
    }
    return new KeyChange(keys, new TableKeys(own, incoming));
  }

  private boolean isOld(ForeignKey key) {
    return keys.own().stream().anyMatch(old -> old.name().equals(key.name()));
  }

  /** True for a key of the twin's definition that is carried over in another way. */
  public boolean isCarried(Item item) {
    return item.kind() == ItemKind.FOREIGN_KEY
        && keys.own().stream().anyMatch(old -> old.name().equals(item.name()));
  }

  private ForeignKey real(ForeignKey key, QualifiedName serving) {
    QualifiedName target =
        parents.entrySet().stream()
            .filter(parent -> parent.getValue().equals(key.target()))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElse(serving);
    return key.between(serving, target);
  }

  /** The server gives keys whose names it has made itself other ones when it renames the table. */
  private ForeignKey renamed(ForeignKey key, QualifiedName serving) {
    String generated = table.name() + "_ibfk_";
    boolean isGenerated =
        key.name().startsWith(generated)
            && key.name().substring(generated.length()).matches("[1-9]\\d*");
    return isGenerated
        ? key.named(serving.name() + key.name().substring(table.name().length()))
        : key;
  }

  /** Removes all twins, the table's own among them. */
  public void drop() throws SQLException {
    for (QualifiedName child : children.values()) {
      session.execute("DROP TABLE IF EXISTS " + child.sql());
    }
    session.execute("DROP TABLE IF EXISTS " + twin.sql());
    for (QualifiedName parent : parents.values()) {
      session.execute("DROP TABLE IF EXISTS " + parent.sql());
    }
  }
}

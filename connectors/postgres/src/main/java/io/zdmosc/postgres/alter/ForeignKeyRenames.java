package io.zdmosc.postgres.alter;

import io.zdmosc.postgres.alter.AlterAction.AddForeignKey;
import io.zdmosc.postgres.alter.AlterAction.RenameColumn;
import io.zdmosc.postgres.alter.AlterAction.RenameTable;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Gives foreign keys the names that their columns and tables have once all is renamed. */
final class ForeignKeyRenames {
  private ForeignKeyRenames() {}

  /**
   * Returns the key as it reads after the renames of columns that follow it.
   *
   * @param at where it stands among the actions
   * @param itself whether it refers to the table that the actions change
   */
  static AddForeignKey apply(List<AlterAction> actions, int at, boolean itself) {
    AddForeignKey key = (AddForeignKey) actions.get(at);
    for (AlterAction action : actions.subList(at + 1, actions.size())) {
      if (action instanceof RenameColumn rename) {
        key = rename(key, rename, itself);
      }
    }
    for (AlterAction action : actions) {
      if (itself && action instanceof RenameTable rename) {
        Reading reading = new Reading(key);
        key = reading.replaced(new TreeSet<>(List.of(reading.parser.tableName())), rename);
      }
    }
    return key;
  }

  /** The key with this name, as SQL has it, for the table that it refers to. */
  static AddForeignKey referringTo(AddForeignKey key, String sqlName) {
    Reading reading = new Reading(key);
    int last = reading.parser.tableName();
    int first = last - 2 * (key.referencedTable().size() - 1);
    return reading.replaced(first, last, sqlName);
  }

  private static AddForeignKey rename(AddForeignKey key, RenameColumn rename, boolean itself) {
    Reading reading = new Reading(key);
    SortedSet<Integer> names = new TreeSet<>(reading.parser.ownNames());
    if (itself) {
      names.addAll(reading.parser.referencedNames());
    }
    names.removeIf(position -> !reading.text.token(position).text().equals(rename.from()));
    return names.isEmpty() ? key : reading.replaced(names, rename);
  }

  /** A key read once more, for the places of its names. */
  private static final class Reading {
    private final AddForeignKey key;
    private final ActionText text;
    private final ForeignKeyParser parser;

    Reading(AddForeignKey key) {
      this.key = key;
      this.text = ActionText.of(key.sql());
      this.parser = AddParser.places(text);
    }

    /** Puts the new name, as it was written in the rename, in place of these tokens. */
    AddForeignKey replaced(SortedSet<Integer> positions, AlterAction rename) {
      ActionText renameText = ActionText.of(rename.sql());
      String name = renameText.text(renameText.size() - 1, renameText.size());
      StringBuilder sql = new StringBuilder();
      int copied = 0;
      for (int position : positions) {
        sql.append(key.sql(), copied, text.token(position).start());
        sql.append(gap(position - 1)).append(name).append(gap(position));
        copied = text.token(position).end();
      }
      sql.append(key.sql(), copied, key.sql().length());
      return (AddForeignKey) ActionParser.parse(ActionText.of(sql.toString())).get(0);
    }

    /** Puts a text in place of the tokens from first to last. */
    AddForeignKey replaced(int first, int last, String replacement) {
      String sql =
          key.sql().substring(0, text.token(first).start())
              + gap(first - 1)
              + replacement
              + gap(last)
              + key.sql().substring(text.token(last).end());
      return (AddForeignKey) ActionParser.parse(ActionText.of(sql)).get(0);
    }

    /** A space where quotes alone kept words apart, as the new name may have none. */
    private String gap(int position) {
      if (position + 1 == text.size()) {
        return "";
      }
      SqlToken left = text.token(position);
      SqlToken right = text.token(position + 1);
      boolean touching = left.end() == right.start();
      return touching && left.isName() && right.isName() ? " " : "";
    }
  }
}

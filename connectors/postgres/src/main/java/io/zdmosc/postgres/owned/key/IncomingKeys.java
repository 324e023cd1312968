package io.zdmosc.postgres.owned.key;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.catalog.Catalog;
import io.zdmosc.postgres.catalog.ColumnInfo;
import io.zdmosc.postgres.catalog.ForeignKeyInfo;
import io.zdmosc.postgres.handover.Handover;
import io.zdmosc.postgres.owned.OwnedContext;
import io.zdmosc.postgres.owned.OwnedKind;
import io.zdmosc.postgres.shadow.MappedColumn;
import io.zdmosc.postgres.sql.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Foreign keys of other tables: they refer to the new table from the swap's transaction on. */
public final class IncomingKeys implements OwnedKind {

  @Override
  public List<Problem> problems(OwnedContext context) throws SQLException {
    List<Problem> problems = new ArrayList<>();
    for (KeyTree tree : trees(context)) {
      for (ForeignKeyInfo key : tree.fromAbove()) {
        new KeyPrivileges(context, key).problem().ifPresent(problems::add);
      }
      problem(context, tree.key()).ifPresent(problems::add);
    }
    return problems;
  }

  private static Optional<Problem> problem(OwnedContext context, ForeignKeyInfo key)
      throws SQLException {
    Optional<Problem> unknown = unknown(context, key);
    if (unknown.isPresent()) {
      return unknown;
    }
    String object = words(key);
    ChangedTables tables = new ChangedTables(context);
    Optional<String> dropped = dropped(context, key);
    if (dropped.isPresent()) {
      return Optional.of(
          new Problem(
              object,
              "refers to column " + dropped.get() + ", which the change drops",
              "Drop the foreign key first."));
    }
    return new KeyTrial(context, key, tables.tried(referenced(context, key)))
        .refusal()
        .map(
            words ->
                new Problem(
                    object,
                    "cannot refer to the changed table: " + words,
                    "Mend the clause, or change the other table or drop the key first."));
  }

  static String words(ForeignKeyInfo key) {
    return "foreign key " + key.name() + " of " + key.from().sql();
  }

  /** What could not be made again as it is. */
  static Optional<Problem> unknown(OwnedContext context, ForeignKeyInfo key) throws SQLException {
    if (!key.isExact()) {
      return Optional.of(
          new Problem(
              words(key),
              "has a form that this version does not know: " + key.definition(),
              "Drop it, and add it again afterwards."));
    }
    if (context
        .session()
        .test(
            "SELECT EXISTS (SELECT FROM pg_trigger WHERE tgconstraint = ?::oid"
                + " AND tgenabled <> 'O')",
            key.oid())) {
      return Optional.of(
          new Problem(
              words(key),
              "does not hold, since its triggers are disabled",
              "ALTER TABLE "
                  + key.from().sql()
                  + " ENABLE TRIGGER ALL, and the same on the table."));
    }
    return Optional.empty();
  }

  private static Optional<String> dropped(OwnedContext context, ForeignKeyInfo key) {
    return key.to().columns().stream()
        .filter(number -> context.spec().continuing(number).isEmpty())
        .map(number -> context.source().column(number).name())
        .findFirst();
  }

  @Override
  public List<String> carried(OwnedContext context) throws SQLException {
    return trees(context).stream()
        .map(KeyTree::key)
        .map(
            key ->
                "foreign key "
                    + key.name()
                    + " of "
                    + key.from().sql()
                    + " is dropped, and added again for the new table, unchecked")
        .toList();
  }

  @Override
  public Handover handover(OwnedContext context) throws SQLException {
    Handover all = Handover.NONE;
    for (KeyTree tree : trees(context)) {
      ForeignKeyInfo key = tree.key();
      all =
          all.and(
              new Handover(
                  tree.fromAbove().stream().map(each -> each.from().sql()).toList(),
                  new KeyMove(tree, referenced(context, key), context.version()).transfer(),
                  new KeyMove(tree, key.to(), context.version()).transferBack()));
    }
    return all;
  }

  /** The new table under its final name, with the names that its columns have by then. */
  private static ForeignKeyInfo.Side referenced(OwnedContext context, ForeignKeyInfo key) {
    List<String> names =
        key.to().columns().stream()
            .map(number -> context.spec().continuing(number).orElseThrow())
            .map(MappedColumn::column)
            .map(ColumnInfo::name)
            .map(Sql::name)
            .toList();
    return key.to().named(context.spec().servedSql(), names);
  }

  private static List<KeyTree> trees(OwnedContext context) throws SQLException {
    ChangedTables changed = new ChangedTables(context);
    return KeyTree.of(
        new Catalog(context.session())
            .foreignKeysTo(context.source().table().oid()).stream()
                .filter(key -> !changed.contains(key.from().table()))
                .toList());
  }
}

package io.zdmosc.mysql.shadow;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.mysql.catalog.ColumnInfo;
import io.zdmosc.mysql.catalog.IndexInfo;
import io.zdmosc.mysql.catalog.TableInfo;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.KeySql;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Works out how the old table gets its rows from the new one.
 *
 * <p>What the change widened goes back {@linkplain ExactValue as it is}. What the change converted
 * in any other way needs an expression. A column that the change drops keeps what its row had.
 */
public final class WayBackBuilder {
  private final Session session;
  private final SourceTable source;
  private final ShadowSpec spec;
  private final Map<String, String> expressions;
  private final List<Problem> problems = new ArrayList<>();
  private final List<Problem> missing = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  /**
   * @param expressions by the old table's columns
   */
  public WayBackBuilder(
      Session session, SourceTable source, ShadowSpec spec, Map<String, String> expressions) {
    this.session = session;
    this.source = source;
    this.spec = spec;
    this.expressions = new LinkedHashMap<>(expressions);
  }

  /**
   * Does it.
   *
   * @throws RefusedException when a given expression is of no use
   */
  public WayBack build() {
    List<MappedColumn> columns = source.columns().stream().map(this::map).toList();
    for (String unknown : expressions.keySet()) {
      problems.add(
          new Problem(
              "--reverse " + unknown,
              "the old table has no such column",
              "Name one of its columns."));
    }
    if (!problems.isEmpty()) {
      throw new RefusedException(problems);
    }
    refuseWhatCannotTurn();
    note();
    ShadowSpec back =
        new ShadowSpec(source.table().name(), source.ddl(), columns, source.indexes(), "");
    return new WayBack(served(), back, identity(back), missing, notes);
  }

  private MappedColumn map(ColumnInfo column) {
    String given = given(column);
    ColumnInfo from = spec.continuing(column.name()).map(MappedColumn::column).orElse(null);
    if (given != null) {
      refuseIfUnknown(column, given);
      return new MappedColumn(column, null, "(" + given + ")");
    }
    if (column.isGenerated()) {
      return new MappedColumn(column, null, null);
    }
    return from == null ? dropped(column) : continued(column, from);
  }

  /** Names of columns are the same in any case. */
  private String given(ColumnInfo column) {
    Optional<String> name =
        expressions.keySet().stream().filter(column.name()::equalsIgnoreCase).findFirst();
    return name.map(expressions::remove).orElse(null);
  }

  /** The server is asked whether it knows what the expression speaks of. */
  private void refuseIfUnknown(ColumnInfo column, String expression) {
    String row =
        spec.columns().stream()
            .map(c -> "NULL AS " + Sql.name(c.column().name()))
            .collect(Collectors.joining(", "));
    try {
      session.text(
          "SELECT ("
              + expression
              + ") FROM (SELECT "
              + row
              + ") AS "
              + KeySql.SOURCE
              + " WHERE FALSE");
    } catch (SQLException e) {
      problems.add(
          new Problem("--reverse " + column.name(), Failures.words(e), "Mend the expression."));
    }
    if (column.isGenerated()) {
      problems.add(
          new Problem(
              "--reverse " + column.name(), "the server computes this column", "Leave it out."));
    }
  }

  private MappedColumn dropped(ColumnInfo column) {
    if (column.notNull() && column.defaultText() == null && !column.isAutoIncrement()) {
      missing.add(
          new Problem(
              "column " + column.name(),
              "is dropped by the change, so new rows have no value for it, and it must have one",
              remedy(column)));
    } else {
      notes.add(
          "column "
              + column.name()
              + " keeps what its rows had; rows that are new get "
              + (column.defaultText() == null ? "NULL" : "its default"));
    }
    return new MappedColumn(column, null, null);
  }

  private static String remedy(ColumnInfo column) {
    return "--reverse '" + column.name() + " = expression over the new table'";
  }

  private MappedColumn continued(ColumnInfo column, ColumnInfo from) {
    if (column.sameType(from)) {
      return new MappedColumn(column, from, null);
    }
    if (!Conversion.keepsValue(column, from)) {
      missing.add(
          new Problem(
              "column " + column.name(),
              "was converted from "
                  + column.definition()
                  + " to "
                  + from.definition()
                  + ", and the way back is not known",
              remedy(column)));
      return new MappedColumn(column, from, null);
    }
    notes.add(
        "column "
            + column.name()
            + " goes back from "
            + from.definition()
            + " to "
            + column.definition()
            + "; a row whose value does not fit waits, and bars the rollback until it is mended");
    return new MappedColumn(column, from, ExactValue.of(column, from));
  }

  /** On MariaDB the RENAME back would take its locks in an order in which writes could be lost. */
  private void refuseWhatCannotTurn() {
    if (session.server().mariaDb() && !spec.finalName().equals(source.table().name())) {
      missing.add(
          new Problem(
              "table " + source.table().sqlName(),
              "gets another name, which cannot be taken back on MariaDB",
              "Leave the RENAME TO out, or run without --hold."));
    }
  }

  /** What the new table lets in and the old one does not. */
  private void note() {
    for (MappedColumn column : spec.columns()) {
      if (column.source() == null) {
        notes.add("column " + column.column().name() + " is new; its values are not carried back");
      } else if (column.source().notNull() && !column.column().notNull()) {
        barred("have no " + column.source().name());
      }
    }
    for (IndexInfo index : source.indexes()) {
      boolean kept =
          spec.indexes().stream().anyMatch(i -> i.name().equals(index.name()) && i.unique());
      if (index.unique() && !kept) {
        barred("meet others on " + index.name());
      }
    }
  }

  private void barred(String how) {
    notes.add(
        "rows of the new table may "
            + how
            + "; such a row waits, and bars the rollback until it is mended");
  }

  /** The new table as it is when it serves. */
  private SourceTable served() {
    TableInfo old = source.table();
    TableInfo table =
        new TableInfo(
            old.schema(),
            spec.finalName(),
            old.type(),
            old.engine(),
            "",
            "",
            old.rows(),
            old.tableBytes(),
            old.indexBytes());
    return new SourceTable(
        table,
        spec.columns().stream().map(MappedColumn::column).toList(),
        spec.indexes(),
        spec.ddl(),
        source.triggers());
  }

  private Optional<RowIdentity> identity(ShadowSpec back) {
    try {
      RowIdentity identity = new IdentityChooser(served(), back).choose();
      boolean comparable =
          identity.columns().stream()
              .allMatch(c -> c.sameType() || c.source().isInteger() && c.shadow().isInteger());
      if (!identity.temporary() && comparable) {
        return Optional.of(identity);
      }
      missing.add(
          new Problem(
              "table " + source.table().sqlName(),
              "has no unique index on "
                  + String.join(", ", identity.shadowColumns())
                  + " of the same types, by which its rows could be found from the new table",
              "Run without --hold."));
    } catch (RefusedException e) {
      missing.add(
          new Problem(
              "table " + source.table().sqlName(),
              "cannot be found row by row from the new table: " + e.problems().get(0).what(),
              "Keep a primary key or unique index in the change, or run without --hold."));
    }
    return Optional.empty();
  }
}

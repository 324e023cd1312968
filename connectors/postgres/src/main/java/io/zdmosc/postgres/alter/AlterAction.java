package io.zdmosc.postgres.alter;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * One action of an {@code ALTER TABLE}.
 *
 * <p>Names are those the server stores: unquoted ones folded to lower case (ASCII), quoted ones
 * kept, each cut to 63 bytes at the boundary of a character. {@link #sql()} keeps what the user
 * wrote.
 */
public sealed interface AlterAction {

  /**
   * What to run after {@code ALTER TABLE t}: the text as written, comments inside it included,
   * unless a foreign key was taken out of it. Neither begins nor ends with a blank or a comment.
   */
  String sql();

  /** Whether PostgreSQL takes it only as a statement of its own. */
  default boolean standsAlone() {
    return false;
  }

  /** {@code RENAME [COLUMN] from TO to}. */
  record RenameColumn(String from, String to, String sql) implements AlterAction {
    public RenameColumn {
      requireNonNull(from, "from is null");
      requireNonNull(to, "to is null");
      requireNonNull(sql, "sql is null");
    }

    @Override
    public boolean standsAlone() {
      return true;
    }
  }

  /** {@code RENAME CONSTRAINT from TO to}. */
  record RenameConstraint(String from, String to, String sql) implements AlterAction {
    public RenameConstraint {
      requireNonNull(from, "from is null");
      requireNonNull(to, "to is null");
      requireNonNull(sql, "sql is null");
    }

    @Override
    public boolean standsAlone() {
      return true;
    }
  }

  /** {@code RENAME TO to}. */
  record RenameTable(String to, String sql) implements AlterAction {
    public RenameTable {
      requireNonNull(to, "to is null");
      requireNonNull(sql, "sql is null");
    }

    @Override
    public boolean standsAlone() {
      return true;
    }
  }

  /** {@code SET SCHEMA schema}. */
  record SetSchema(String schema, String sql) implements AlterAction {
    public SetSchema {
      requireNonNull(schema, "schema is null");
      requireNonNull(sql, "sql is null");
    }

    @Override
    public boolean standsAlone() {
      return true;
    }
  }

  /**
   * {@code OWNER TO role}.
   *
   * @param role as written: a name, or a word like {@code CURRENT_USER}
   */
  record OwnerTo(String role, String sql) implements AlterAction {
    public OwnerTo {
      requireNonNull(role, "role is null");
      requireNonNull(sql, "sql is null");
    }
  }

  /**
   * {@code ALTER [COLUMN] column [SET DATA] TYPE ... [USING using]}.
   *
   * @param column its name when the action is reached
   * @param using the expression as written; part of {@code sql} too
   */
  record ChangeType(String column, String sql, Optional<String> using) implements AlterAction {
    public ChangeType {
      requireNonNull(column, "column is null");
      requireNonNull(sql, "sql is null");
      requireNonNull(using, "using is null");
    }
  }

  /**
   * A foreign key, as an action or from a column's definition.
   *
   * @param name the constraint's; the server finds one if absent
   * @param columns the referencing columns, a {@code PERIOD} column last
   * @param referencedTable the parts of its name as written: one, or schema and table
   * @param referencedColumns empty if left to the primary key
   * @param definition from {@code FOREIGN KEY} on, without {@code NOT VALID}
   * @param notValid whether existing rows are to be left unchecked
   * @param sql {@code ADD [CONSTRAINT n] definition [NOT VALID]}
   */
  record AddForeignKey(
      Optional<String> name,
      List<String> columns,
      List<String> referencedTable,
      List<String> referencedColumns,
      String definition,
      boolean notValid,
      String sql)
      implements AlterAction {
    public AddForeignKey {
      requireNonNull(name, "name is null");
      columns = List.copyOf(columns);
      referencedTable = List.copyOf(referencedTable);
      referencedColumns = List.copyOf(referencedColumns);
      requireNonNull(definition, "definition is null");
      requireNonNull(sql, "sql is null");
    }

    /**
     * The same key, with another name for the table that it refers to.
     *
     * @param sqlName qualified and quoted
     */
    public AddForeignKey referringTo(String sqlName) {
      return ForeignKeyRenames.referringTo(this, sqlName);
    }
  }

  /** {@code DROP CONSTRAINT [IF EXISTS] name [RESTRICT | CASCADE]}. */
  record DropConstraint(String name, boolean ifExists, boolean cascade, String sql)
      implements AlterAction {
    public DropConstraint {
      requireNonNull(name, "name is null");
      requireNonNull(sql, "sql is null");
    }
  }

  /** {@code VALIDATE CONSTRAINT name}. */
  record ValidateConstraint(String name, String sql) implements AlterAction {
    public ValidateConstraint {
      requireNonNull(name, "name is null");
      requireNonNull(sql, "sql is null");
    }
  }

  /** {@code ALTER CONSTRAINT name ...}. */
  record AlterConstraint(String name, String sql) implements AlterAction {
    public AlterConstraint {
      requireNonNull(name, "name is null");
      requireNonNull(sql, "sql is null");
    }
  }

  /** Whatever is run on the shadow as it is. */
  record Plain(String sql) implements AlterAction {
    public Plain {
      requireNonNull(sql, "sql is null");
    }
  }
}

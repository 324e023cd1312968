package io.zdmosc.mysql.shadow;

import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.mysql.alter.AlterClause;
import io.zdmosc.mysql.alter.TableDdl;
import io.zdmosc.mysql.alter.UnknownOptions;
import io.zdmosc.mysql.catalog.Catalog;
import io.zdmosc.mysql.catalog.ColumnInfo;
import io.zdmosc.mysql.control.ControlSchema;
import io.zdmosc.mysql.control.PlanDebris;
import io.zdmosc.mysql.foreignkey.KeyChange;
import io.zdmosc.mysql.foreignkey.KeyTwins;
import io.zdmosc.mysql.foreignkey.TableKeys;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.QualifiedName;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.Sql;
import io.zdmosc.mysql.sql.SqlMode;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Has the server run the clause on an empty table like the source, and reads what came out.
 *
 * <p>The table stands in the control schema, where the names of the source's constraints are free,
 * so that the clause can name them. It is gone when this returns.
 */
public final class Rehearsal {
  /** On MySQL the names of check constraints and foreign keys belong to the database. */
  private static final Set<Integer> NAME_TAKEN = Set.of(3822, 1826);

  private static final int TRIES = 100;
  private static final long REST_NANOS = 100_000_000;

  private final Session session;
  private final SourceTable source;
  private final AlterClause clause;
  private final String globalSqlMode;
  private final String serverTimeZone;
  private final String name;
  private final KeyTwins twins;

  /** What came out. */
  public record Outcome(ShadowSpec spec, KeyChange keys) {}

  public Rehearsal(Session session, SourceTable source, TableKeys keys, AlterClause clause)
      throws SQLException {
    this.session = session;
    this.source = source;
    this.clause = clause;
    this.globalSqlMode = session.text("SELECT @@GLOBAL.sql_mode").orElse("");
    this.serverTimeZone = session.text("SELECT @@GLOBAL.time_zone").orElse("SYSTEM");
    this.name = "zdm_rehearsal_" + session.id();
    this.twins =
        new KeyTwins(
            session, keys, new QualifiedName(source.table().schema(), source.table().name()), name);
  }

  /**
   * Does it.
   *
   * @throws ClauseException when the server refuses the clause
   */
  public Outcome run() throws SQLException {
    String table = ControlSchema.sqlName(name);
    twins.drop();
    try {
      twins.makeParents();
      makeTwin(table);
      refuseIfNotTheSame();
      forgetHowItWasRead(table);
      twins.makeChildren();
      runClause(table);
      ShadowSpec spec = read();
      return new Outcome(
          spec, twins.read(new QualifiedName(source.table().schema(), spec.finalName())));
    } finally {
      twins.drop();
    }
  }

  /** What the server took once it need not take today, or not from everybody. */
  private void makeTwin(String table) throws SQLException {
    TableDdl ddl = source.ddl().without(item -> item.kind() == TableDdl.ItemKind.FOREIGN_KEY);
    for (TableDdl.Item key : twins.items()) {
      ddl = ddl.with(key);
    }
    for (int attempt = 1; ; attempt++) {
      try {
        for (String statement : ddl.statements(table)) {
          session.execute(statement);
        }
        return;
      } catch (SQLException e) {
        if (!NAME_TAKEN.contains(e.getErrorCode()) || attempt == TRIES) {
          throw notTaken(e);
        }
      }
      // by a plan that was killed, or by one that is at it and will be done in a moment
      PlanDebris.removeDead(session);
      LockSupport.parkNanos(REST_NANOS);
    }
  }

  private RefusedException notTaken(SQLException e) throws SQLException {
    if (Failures.isConnectionLoss(e) || Failures.isLockTimeout(e) || Failures.isCancelled(e)) {
      throw e;
    }
    if (NAME_TAKEN.contains(e.getErrorCode())) {
      return RefusedException.of(
          "constraints of table " + source.table().sqlName(),
          "have the names of others that are in the database zdm_osc now: " + Failures.words(e),
          "Wait for the migration that zdm-osc status shows, or run zdm-osc cleanup.");
    }
    return RefusedException.of(
        "definition of " + source.table().sqlName(),
        "is not taken by the server any more, or not from this user: "
            + twins.translated(Failures.words(e)),
        Failures.isDenied(e) && source.ddl().options().contains(" DIRECTORY")
            ? "A table with DATA DIRECTORY takes the privilege FILE: GRANT FILE ON *.* TO the user."
            : "Look at what the table was made with, and at the server's settings.");
  }

  /** Under other settings than those of its time, a definition can come out as something else. */
  private void refuseIfNotTheSame() throws SQLException {
    Catalog catalog = new Catalog(session);
    refuseOtherOptions(TableDdl.parse(catalog.createTable(ControlSchema.NAME, name)).options());
    List<ColumnInfo> made = catalog.columns(ControlSchema.NAME, name);
    if (made.size() != source.columns().size()) {
      throw RefusedException.of(
          "table " + source.table().sqlName(),
          "comes out with other columns when the server makes it anew from its definition",
          "Look at the server's settings, such as sql_generate_invisible_primary_key.");
    }
    for (int i = 0; i < made.size(); i++) {
      ColumnInfo column = source.columns().get(i);
      if (!made.get(i).behaviour().equals(column.behaviour())) {
        throw RefusedException.of(
            "column " + column.name(),
            "comes out otherwise when the server makes it anew from its definition: "
                + made.get(i).behaviour()
                + " instead of "
                + column.behaviour(),
            "Look at the server's settings, such as explicit_defaults_for_timestamp.");
      }
    }
  }

  /**
   * Where the rows lie, whether they are encrypted, and whatever else stands behind the columns.
   */
  private void refuseOtherOptions(String made) {
    String wanted = source.ddl().options();
    if (!UnknownOptions.without(made).equals(UnknownOptions.without(wanted))) {
      throw RefusedException.of(
          "options of table " + source.table().sqlName(),
          "come out otherwise when the server makes it anew from its definition:"
              + made.strip()
              + " instead of "
              + wanted.strip(),
          "Look at the server's settings. Encryption by default is that of database zdm_osc: ALTER"
              + " DATABASE zdm_osc DEFAULT ENCRYPTION = 'N'.");
    }
  }

  /**
   * MariaDB keeps in memory how a session has read a definition. One that wants explicit defaults
   * for TIMESTAMP, as ours, reads it otherwise than the clause's may.
   */
  private void forgetHowItWasRead(String table) throws SQLException {
    if (session.server().mariaDb()) {
      session.execute("DROP TABLE " + table);
      makeTwin(table);
    }
  }

  private void runClause(String table) throws SQLException {
    if (clause.sql().isEmpty()) {
      return;
    }
    String ours = session.text("SELECT @@SESSION.sql_mode").orElse("");
    session.execute(
        "SET SESSION sql_mode = "
            + Sql.literal(SqlMode.users(globalSqlMode))
            + ", time_zone = "
            + Sql.literal(serverTimeZone)
            + timestampDefaults("@@GLOBAL.explicit_defaults_for_timestamp"));
    try {
      session.execute("ALTER TABLE " + table + " " + clause.sql());
    } catch (SQLException e) {
      throw new ClauseException(clause.sql(), twins.translated(Failures.words(e)), e);
    } finally {
      session.execute(
          "SET SESSION sql_mode = "
              + Sql.literal(ours)
              + ", time_zone = '+00:00'"
              + timestampDefaults("1"));
    }
  }

  private String timestampDefaults(String value) {
    return session.server().hasTimestampDefaultsOfSessions()
        ? ", explicit_defaults_for_timestamp = " + value
        : "";
  }

  private ShadowSpec read() throws SQLException {
    Catalog catalog = new Catalog(session);
    TableDdl ddl = TableDdl.parse(catalog.createTable(ControlSchema.NAME, name));
    String finalName = clause.newTableName().orElse(source.table().name());
    return new ShadowSpec(
        finalName,
        ddl.without(twins::isCarried).withChecksNamedAfter(name, finalName),
        columns(catalog.columns(ControlSchema.NAME, name), ddl),
        catalog.indexes(ControlSchema.NAME, name),
        catalog.table(ControlSchema.NAME, name).orElseThrow().autoIncrement());
  }

  private List<MappedColumn> columns(List<ColumnInfo> after, TableDdl ddl) throws SQLException {
    NewColumns added = new NewColumns(session, ddl, serverTimeZone);
    List<MappedColumn> mapped = new ArrayList<>();
    for (ColumnInfo column : after) {
      Optional<ColumnInfo> from = continued(column);
      mapped.add(from.isPresent() ? new MappedColumn(column, from.get(), null) : added.map(column));
    }
    refuseIfLost(mapped);
    return mapped;
  }

  private Optional<ColumnInfo> continued(ColumnInfo column) {
    Optional<ColumnInfo> from =
        source.columns().stream()
            .filter(
                old ->
                    clause
                        .nameAfter(old.name())
                        .filter(column.name()::equalsIgnoreCase)
                        .isPresent())
            .findFirst();
    if (from.isEmpty() && !clause.adds(column.name())) {
      throw notFollowed(column.name());
    }
    return from;
  }

  /** Every column that the clause does not drop must be there, or its values would be lost. */
  private void refuseIfLost(List<MappedColumn> mapped) {
    for (ColumnInfo old : source.columns()) {
      boolean dropped = clause.nameAfter(old.name()).isEmpty();
      boolean there = mapped.stream().anyMatch(c -> old.equals(c.source()));
      if (!dropped && !there) {
        throw notFollowed(old.name());
      }
    }
  }

  private static RefusedException notFollowed(String column) {
    return RefusedException.of(
        "column " + column,
        "cannot be followed through the clause",
        "Please report the clause; meanwhile, try it in several changes.");
  }
}

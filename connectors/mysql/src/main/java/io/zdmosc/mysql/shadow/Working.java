package io.zdmosc.mysql.shadow;

import static io.zdmosc.mysql.sql.Sql.name;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.mysql.foreignkey.KeyChange;
import io.zdmosc.mysql.sql.KeySql;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.Sql;
import io.zdmosc.mysql.sql.SqlMode;
import io.zdmosc.mysql.stream.statement.StatementJudge;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The pair of tables that a migration works on, with the SQL that carries rows from one to the
 * other.
 *
 * @param migrationId the migration's number
 * @param source the source table
 * @param spec what the shadow table is to become
 * @param identity what identifies a row
 * @param names of the tables that the migration makes
 * @param foreignKeys what becomes of foreign keys in the exchange of the two
 * @param back true on the way back, from the table that serves to the retired one
 */
public record Working(
    long migrationId,
    SourceTable source,
    ShadowSpec spec,
    RowIdentity identity,
    Names names,
    KeyChange foreignKeys,
    boolean back) {

  /**
   * The names of the tables that the migration makes.
   *
   * @param shadowSchema where the shadow is until the swap
   * @param shadow its name until the swap
   * @param retiredSchema where the source is after it
   * @param retired its name after it
   */
  public record Names(String shadowSchema, String shadow, String retiredSchema, String retired) {}

  /** The state that the swap of this direction leaves. */
  public MigrationState swappedState() {
    return back ? MigrationState.ROLLED_BACK : MigrationState.SWAPPED;
  }

  public String sourceSql() {
    return source.table().sqlName();
  }

  public String shadowSql() {
    return name(names.shadowSchema(), names.shadow());
  }

  public String retiredSql() {
    return name(names.retiredSchema(), names.retired());
  }

  public String finalSql() {
    return name(source.table().schema(), spec.finalName());
  }

  /** Exchanges the names. Marked as ours, for the stream still reads the log. */
  public String swapSql() {
    return "RENAME TABLE "
        + StatementJudge.OWN_MARK
        + " "
        + sourceSql()
        + " TO "
        + retiredSql()
        + ", "
        + shadowSql()
        + " TO "
        + finalSql();
  }

  public KeySql keys() {
    return new KeySql(identity);
  }

  /** Makes a session convert values as this change needs it. */
  public void prepare(Session session) throws SQLException {
    String mode = session.text("SELECT @@GLOBAL.sql_mode").orElse("");
    String zone =
        spec.needsServerTimeZone()
            ? session.text("SELECT @@GLOBAL.time_zone").orElse("SYSTEM")
            : "+00:00";
    session.execute(
        "SET SESSION sql_mode = "
            + Sql.literal(SqlMode.ours(mode, spec.takesAnyDate()))
            + ", time_zone = "
            + Sql.literal(zone));
  }

  /** {@code INSERT INTO shadow (...) SELECT ... FROM } */
  public String insertSelect() {
    return insertSelect(List.of(), "");
  }

  /**
   * The same with further columns of the shadow.
   *
   * @param values theirs, each with a comma before it
   */
  public String insertSelect(List<String> further, String values) {
    List<MappedColumn> written = spec.written();
    return "INSERT INTO "
        + shadowSql()
        + " ("
        + Stream.concat(written.stream().map(c -> c.column().name()), further.stream())
            .map(Sql::name)
            .collect(Collectors.joining(", "))
        + ") SELECT "
        + written.stream().map(c -> c.expression(KeySql.SOURCE)).collect(Collectors.joining(", "))
        + values
        + " FROM ";
  }

  /** The source, read along the identity's index, for a FROM clause. */
  public String sourceByIndex() {
    return sourceSql()
        + " AS "
        + KeySql.SOURCE
        + " FORCE INDEX ("
        + name(identity.index().name())
        + ")";
  }

  /** The source, for a FROM clause. */
  public String sourceAliased() {
    return sourceSql() + " AS " + KeySql.SOURCE;
  }
}

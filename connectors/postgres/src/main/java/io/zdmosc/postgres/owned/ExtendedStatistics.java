package io.zdmosc.postgres.owned;

import static io.zdmosc.postgres.sql.Sql.literal;

import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * An object of extended statistics, as the catalog has it.
 *
 * @param rest of the definition, behind the name
 * @param target or null for the default
 * @param comment or null
 */
public record ExtendedStatistics(
    String name,
    long oid,
    String schema,
    String rest,
    String target,
    String comment,
    String owner) {
  private static final String QUERY =
      """
      SELECT s.stxname, s.oid::bigint, n.nspname,
             substr(pg_get_statisticsobjdef(s.oid),
                    length(format('CREATE STATISTICS %I.%I', n.nspname, s.stxname)) + 1),
             CASE WHEN s.stxstattarget >= 0 THEN s.stxstattarget::text END,
             obj_description(s.oid, 'pg_statistic_ext'), pg_get_userbyid(s.stxowner)
        FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace
       WHERE s.stxrelid = ?::oid
       ORDER BY s.oid\
      """;

  /** Those of a table or of a materialized view. */
  public static List<ExtendedStatistics> of(Session session, long relation) throws SQLException {
    return session.query(
        QUERY,
        row ->
            new ExtendedStatistics(
                row.getString(1),
                row.getLong(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7)),
        relation);
  }

  /** Statements that make one like it under another name, in the same schema. */
  public List<String> under(String other) {
    String sqlName = Sql.name(schema, other);
    List<String> statements = new ArrayList<>();
    statements.add("CREATE STATISTICS " + sqlName + rest);
    if (target != null) {
      statements.add("ALTER STATISTICS " + sqlName + " SET STATISTICS " + target);
    }
    if (comment != null) {
      statements.add("COMMENT ON STATISTICS " + sqlName + " IS " + literal(comment));
    }
    statements.add("ALTER STATISTICS " + sqlName + " OWNER TO " + Sql.name(owner));
    return statements;
  }

  public String rename(String from, String to) {
    return "ALTER STATISTICS " + Sql.name(schema, from) + " RENAME TO " + Sql.name(to);
  }
}

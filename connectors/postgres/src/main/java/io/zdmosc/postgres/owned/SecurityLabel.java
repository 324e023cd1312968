package io.zdmosc.postgres.owned;

import static io.zdmosc.postgres.sql.Sql.literal;
import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

/**
 * What a provider of security labels has been told about a relation, one of its columns or its row
 * type.
 *
 * @param provider its name
 * @param column null for the relation or its row type
 * @param ofType true for one of the row type
 * @param label means something to the provider only
 */
public record SecurityLabel(String provider, String column, boolean ofType, String label) {
  private static final String QUERY =
      """
      SELECT l.provider, a.attname, l.classoid = 'pg_type'::regclass, l.label
        FROM pg_class c
        JOIN pg_seclabel l ON l.classoid = 'pg_class'::regclass AND l.objoid = c.oid
                           OR l.classoid = 'pg_type'::regclass AND l.objoid = c.reltype
        LEFT JOIN pg_attribute a ON l.objsubid <> 0 AND a.attrelid = c.oid AND a.attnum = l.objsubid
       WHERE c.oid = ?::oid AND a.attisdropped IS NOT TRUE
       ORDER BY l.classoid, l.objsubid, l.provider\
      """;

  /** Those of a relation. */
  public static List<SecurityLabel> of(Session session, long relation) throws SQLException {
    return session.query(
        QUERY,
        row ->
            new SecurityLabel(
                row.getString(1), row.getString(2), row.getBoolean(3), row.getString(4)),
        relation);
  }

  /** The same for a column of another name. */
  SecurityLabel on(String otherColumn) {
    return new SecurityLabel(provider, otherColumn, ofType, label);
  }

  /**
   * The statement that gives it to a relation.
   *
   * @param kind what SQL calls it
   * @param relation its qualified name
   */
  public String statement(String kind, String relation) {
    return "SECURITY LABEL FOR "
        + name(provider)
        + " ON "
        + object(kind, relation)
        + " IS "
        + literal(label);
  }

  private String object(String kind, String relation) {
    if (ofType) {
      return "TYPE " + relation;
    }
    return column == null ? kind + " " + relation : "COLUMN " + relation + "." + name(column);
  }

  /** In words. */
  String words(String kind, String relation) {
    String[] object = object(kind, relation).split(" ", 2);
    return "security label of "
        + provider
        + " on "
        + object[0].toLowerCase(Locale.ROOT)
        + " "
        + object[1];
  }
}

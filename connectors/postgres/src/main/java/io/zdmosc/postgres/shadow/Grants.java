package io.zdmosc.postgres.shadow;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives one object the privileges of another, and no more: what default privileges added when it
 * was created is taken away first. Grants are made by the owner.
 */
public final class Grants {
  private static final String ENTRIES =
      """
      SELECT CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END
               AS grantee, a.privilege_type AS privilege, a.is_grantable AS grantable
        FROM %s, aclexplode(%s) AS a WHERE %s""";

  private final Session session;

  public Grants(Session session) {
    this.session = session;
  }

  private record Entry(String grantee, String privilege, boolean grantable) {}

  /** Makes the privileges on a table or sequence equal to another's. */
  public void copyRelation(long from, long to, String kind, String sqlName) throws SQLException {
    List<Entry> wanted = entries("pg_class", "relacl", "pg_class.oid = ?::oid", from);
    List<Entry> present = entries("pg_class", "relacl", "pg_class.oid = ?::oid", to);
    boolean wantedDefault = isDefault(from);
    if (wantedDefault && isDefault(to)) {
      return;
    }
    String on = " ON " + kind + " " + sqlName;
    String owner =
        session
            .text(
                "SELECT quote_ident(pg_get_userbyid(relowner)) FROM pg_class WHERE oid = ?::oid",
                to)
            .orElseThrow();
    for (String grantee : present.stream().map(Entry::grantee).distinct().toList()) {
      if (!(wantedDefault && grantee.equals(owner))) {
        session.execute("REVOKE ALL" + on + " FROM " + grantee);
      }
    }
    if (!wantedDefault) {
      session.execute("REVOKE ALL" + on + " FROM " + owner);
    }
    for (Entry entry : wanted) {
      grant(entry, entry.privilege(), on);
    }
    if (wantedDefault) {
      session.execute("GRANT ALL" + on + " TO " + owner);
    }
  }

  /** Takes away what default privileges gave to others than the owner. */
  public void ownerOnly(String table) throws SQLException {
    List<String> others =
        session.query(
            """
            SELECT DISTINCT CASE WHEN a.grantee = 0 THEN 'PUBLIC'
                                 ELSE quote_ident(pg_get_userbyid(a.grantee)) END
              FROM pg_class c, aclexplode(c.relacl) AS a
             WHERE c.oid = ?::regclass AND a.grantee <> c.relowner""",
            row -> row.getString(1),
            table);
    for (String grantee : others) {
      session.execute("REVOKE ALL ON TABLE " + table + " FROM " + grantee);
    }
  }

  /** Makes the privileges on a column equal to another's. */
  public void copyColumn(long from, int fromNumber, String toSqlName, String column)
      throws SQLException {
    List<Entry> wanted =
        session.query(
            ENTRIES.formatted("pg_attribute", "attacl", "attrelid = ?::oid AND attnum = ?::int2"),
            row -> new Entry(row.getString(1), row.getString(2), row.getBoolean(3)),
            from,
            fromNumber);
    for (Entry entry : wanted) {
      grant(entry, entry.privilege() + " (" + name(column) + ")", " ON TABLE " + toSqlName);
    }
  }

  /** Takes all privileges on a column away. */
  public void revokeColumn(long table, int number, String sqlName, String column)
      throws SQLException {
    List<String> grantees =
        session.query(
            ENTRIES.formatted("pg_attribute", "attacl", "attrelid = ?::oid AND attnum = ?::int2"),
            row -> row.getString(1),
            table,
            number);
    for (String grantee : grantees.stream().distinct().toList()) {
      session.execute("REVOKE ALL (" + name(column) + ") ON TABLE " + sqlName + " FROM " + grantee);
    }
  }

  private boolean isDefault(long oid) throws SQLException {
    return session.test("SELECT relacl IS NULL FROM pg_class WHERE oid = ?::oid", oid);
  }

  private List<Entry> entries(String catalog, String acl, String where, long oid)
      throws SQLException {
    return new ArrayList<>(
        session.query(
            ENTRIES.formatted(catalog, acl, where),
            row -> new Entry(row.getString(1), row.getString(2), row.getBoolean(3)),
            oid));
  }

  private void grant(Entry entry, String privilege, String on) throws SQLException {
    session.execute(
        "GRANT "
            + privilege
            + on
            + " TO "
            + entry.grantee()
            + (entry.grantable() ? " WITH GRANT OPTION" : ""));
  }
}

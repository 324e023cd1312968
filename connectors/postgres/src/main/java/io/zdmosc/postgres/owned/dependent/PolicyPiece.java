package io.zdmosc.postgres.owned.dependent;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.handover.FirstLock;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A policy of another table.
 *
 * @param command what it is for, as SQL has it
 * @param text its USING and WITH CHECK
 */
record PolicyPiece(
    Row row, String words, HostRelation host, String policy, String command, String text)
    implements Piece {
  private static final String TEXT =
      """
      concat_ws(' ', 'USING (' || pg_get_expr(polqual, polrelid) || ')',
                'WITH CHECK (' || pg_get_expr(polwithcheck, polrelid) || ')')\
      """;

  static PolicyPiece read(Session session, long oid, String words, long host) throws SQLException {
    HostRelation relation = HostRelation.read(session, host);
    return session
        .first(
            """
            SELECT polname, CASE polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT'
                                        WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
            """
                + TEXT
                + " FROM pg_policy WHERE oid = ?::oid",
            row ->
                new PolicyPiece(
                    new Row("pg_policy", oid, host),
                    words,
                    relation,
                    row.getString(1),
                    row.getString(2),
                    row.getString(3)),
            oid)
        .orElseThrow();
  }

  @Override
  public Row make(
      Session session, String schema, String text, Map<RelationName, RelationName> names)
      throws SQLException {
    RelationName copy = host.copy(session, schema);
    Map<RelationName, RelationName> all = new HashMap<>(names);
    all.put(host.name(), copy);
    session.execute(
        "CREATE POLICY "
            + name(policy)
            + " ON "
            + copy.sql()
            + " FOR "
            + command
            + " TO PUBLIC "
            + NamesInSql.replace(text, all));
    return session
        .first(
            "SELECT oid, polrelid FROM pg_policy WHERE polrelid = ?::regclass",
            row -> new Row("pg_policy", row.getLong(1), row.getLong(2)),
            copy.sql())
        .orElseThrow();
  }

  @Override
  public String reread(Session session, String schema, Row made) throws SQLException {
    String text =
        session
            .text("SELECT " + TEXT + " FROM pg_policy WHERE oid = ?::oid", made.oid())
            .orElseThrow();
    RelationName copy = new RelationName(schema, host.name().name());
    return NamesInSql.replace(text, Map.of(copy, host.name()));
  }

  @Override
  public List<Problem> problems(Session session) throws SQLException {
    return host.problems(session, words);
  }

  @Override
  public Optional<FirstLock> lock() {
    return Optional.of(host.lock());
  }

  @Override
  public List<String> release(Map<RelationName, RelationName> names) {
    return List.of();
  }

  @Override
  public List<String> restate(String text, Map<RelationName, RelationName> names) {
    return List.of("ALTER POLICY " + name(policy) + " ON " + host.name().sql() + " " + text);
  }
}

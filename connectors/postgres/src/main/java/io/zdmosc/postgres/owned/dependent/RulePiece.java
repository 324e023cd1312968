package io.zdmosc.postgres.owned.dependent;

import static io.zdmosc.postgres.sql.Sql.literal;
import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.handover.FirstLock;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A rule of another table, or of a view.
 *
 * @param comment or null; it is lost where the rule goes with a view that is made anew
 */
record RulePiece(Row row, String words, HostRelation host, String rule, String text, String comment)
    implements Piece {
  private static final String CREATE = "CREATE RULE ";

  static RulePiece read(Session session, long oid, String words, long host) throws SQLException {
    HostRelation relation = HostRelation.read(session, host);
    return session
        .first(
            "SELECT rulename, rtrim(pg_get_ruledef(oid), '; '), obj_description(oid, 'pg_rewrite')"
                + " FROM pg_rewrite WHERE oid = ?::oid",
            row ->
                new RulePiece(
                    new Row("pg_rewrite", oid, host),
                    words,
                    relation,
                    row.getString(1),
                    row.getString(2),
                    row.getString(3)),
            oid)
        .orElseThrow();
  }

  @Override
  public Piece upon(Map<Long, ViewInfo> remade) {
    return remade.containsKey(host.oid())
        ? new RulePiece(row, words, host.like(remade.get(host.oid())), rule, text, comment)
        : this;
  }

  @Override
  public Row make(
      Session session, String schema, String text, Map<RelationName, RelationName> names)
      throws SQLException {
    RelationName copy = host.copy(session, schema);
    Map<RelationName, RelationName> all = new HashMap<>(names);
    all.put(host.name(), copy);
    session.execute(NamesInSql.replace(text, all));
    return session
        .first(
            "SELECT oid, ev_class FROM pg_rewrite WHERE ev_class = ?::regclass"
                + " AND rulename = ?::name",
            row -> new Row("pg_rewrite", row.getLong(1), row.getLong(2)),
            copy.sql(),
            rule)
        .orElseThrow();
  }

  @Override
  public String reread(Session session, String schema, Row made) throws SQLException {
    String definition =
        session.text("SELECT rtrim(pg_get_ruledef(?::oid), '; ')", made.oid()).orElseThrow();
    RelationName copy = new RelationName(schema, host.name().name());
    return NamesInSql.replace(definition, Map.of(copy, host.name()));
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
    List<String> statements = new ArrayList<>();
    statements.add("CREATE OR REPLACE RULE " + text.substring(CREATE.length()));
    if (comment != null) {
      statements.add(
          "COMMENT ON RULE " + name(rule) + " ON " + host.name().sql() + " IS " + literal(comment));
    }
    return statements;
  }
}

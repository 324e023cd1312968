package io.zdmosc.postgres.owned.dependent;

import static io.zdmosc.postgres.sql.Sql.literal;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.alter.SqlLexer;
import io.zdmosc.postgres.handover.FirstLock;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A function or procedure that mentions an exchanged table in an SQL body, or has its row type as
 * an argument or result. Only the first can be given its definition in place.
 *
 * @param kind FUNCTION or PROCEDURE
 * @param arguments what tells it from others of its name, as SQL has it
 * @param text its definition from behind its name on
 * @param signature true where the row type is in its signature, so that it is made anew
 * @param writes true where its SQL body writes
 * @param rights statements that give it owner, grants and comment
 */
record FunctionPiece(
    Row row,
    String words,
    RelationName name,
    String kind,
    String arguments,
    String owner,
    String text,
    boolean signature,
    boolean writes,
    List<String> rights)
    implements Piece {
  private static final String QUERY =
      """
      SELECT n.nspname, p.proname, CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END,
             pg_get_function_identity_arguments(p.oid), pg_get_userbyid(p.proowner),
             pg_get_functiondef(p.oid),
             EXISTS (SELECT FROM pg_class c JOIN pg_type y ON y.oid = c.reltype
                      WHERE c.oid = ANY (?::oid[])
                        AND (p.prorettype IN (y.oid, y.typarray)
                             OR coalesce(p.proallargtypes, p.proargtypes::oid[])
                                && ARRAY[y.oid, y.typarray])),
             coalesce(p.prosqlbody::text ~ ':commandType [2345]', false)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = ?::oid\
      """;

  private static final String GRANTS =
      """
      SELECT format('GRANT EXECUTE ON %s %s TO %s%s', ?::text, ?::text,
                    CASE a.grantee WHEN 0 THEN 'PUBLIC'
                         ELSE quote_ident(pg_get_userbyid(a.grantee)) END,
                    CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
        FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a
       WHERE p.oid = ?::oid\
      """;

  private static final String DEFAULT_GRANTEES =
      """
      SELECT DISTINCT quote_ident(pg_get_userbyid(a.grantee))
        FROM pg_default_acl d, aclexplode(d.defaclacl) AS a
       WHERE d.defaclobjtype = 'f' AND a.grantee <> 0
         AND d.defaclrole = (SELECT oid FROM pg_roles WHERE rolname = current_user)
         AND d.defaclnamespace IN (0, (SELECT pronamespace FROM pg_proc WHERE oid = ?::oid))\
      """;

  static FunctionPiece read(Session session, long oid, String words, Collection<Long> tables)
      throws SQLException {
    FunctionPiece found =
        session
            .first(
                QUERY,
                row -> {
                  RelationName name = new RelationName(row.getString(1), row.getString(2));
                  return new FunctionPiece(
                      new Row("pg_proc", oid, 0),
                      words,
                      name,
                      row.getString(3),
                      row.getString(4),
                      row.getString(5),
                      behindName(row.getString(6)),
                      row.getBoolean(7),
                      row.getBoolean(8),
                      List.of());
                },
                Sql.array(tables.stream().map(String::valueOf).toList()),
                oid)
            .orElseThrow();
    return found.signature ? found.withRights(rights(session, found)) : found;
  }

  /** What follows CREATE OR REPLACE FUNCTION schema.name. */
  private static String behindName(String definition) {
    return definition.substring(SqlLexer.tokens(definition).get(7).start());
  }

  private FunctionPiece withRights(List<String> all) {
    return new FunctionPiece(
        row, words, name, kind, arguments, owner, text, signature, writes, all);
  }

  private static List<String> rights(Session session, FunctionPiece function) throws SQLException {
    long oid = function.row.oid();
    String signature = function.sql() + "(" + function.arguments + ")";
    String on = " ON " + function.kind + " " + signature;
    List<String> statements = new ArrayList<>();
    statements.add(
        "ALTER " + function.kind + " " + signature + " OWNER TO " + Sql.name(function.owner));
    statements.add("REVOKE ALL" + on + " FROM PUBLIC");
    for (String grantee : session.query(DEFAULT_GRANTEES, row -> row.getString(1), oid)) {
      statements.add("REVOKE ALL" + on + " FROM " + grantee);
    }
    statements.add("REVOKE ALL" + on + " FROM " + Sql.name(function.owner));
    statements.addAll(
        session.query(GRANTS, row -> row.getString(1), function.kind, signature, oid));
    session
        .text("SELECT obj_description(?::oid, 'pg_proc')", oid)
        .ifPresent(
            comment ->
                statements.add(
                    "COMMENT ON " + function.kind + " " + signature + " IS " + literal(comment)));
    return statements;
  }

  private String sql() {
    return name.sql();
  }

  private String create(String qualified, String text) {
    return "CREATE OR REPLACE " + kind + " " + qualified + text;
  }

  @Override
  public Row make(
      Session session, String schema, String text, Map<RelationName, RelationName> names)
      throws SQLException {
    String made = Sql.name(schema, name.name());
    session.execute(create(made, NamesInSql.replace(text, names)));
    return session
        .first(
            "SELECT oid FROM pg_proc WHERE pronamespace ="
                + " (SELECT oid FROM pg_namespace WHERE nspname = ?::name)",
            row -> new Row("pg_proc", row.getLong(1), 0),
            schema)
        .orElseThrow();
  }

  @Override
  public String reread(Session session, String schema, Row made) throws SQLException {
    return behindName(session.text("SELECT pg_get_functiondef(?::oid)", made.oid()).orElseThrow());
  }

  @Override
  public List<Problem> problems(Session session) throws SQLException {
    List<Problem> problems = new ArrayList<>();
    if (writes) {
      problems.add(
          new Problem(
              words,
              "writes, and its SQL body is bound to the table itself: a call that waits during the"
                  + " swap would write into the retired table",
              "Give it a body in quotes, which finds the table by its name."));
    }
    if (!session.test("SELECT pg_has_role(current_user, ?::name, 'USAGE')", owner)) {
      String role = session.text("SELECT current_user").orElseThrow();
      problems.add(
          new Problem(
              words,
              "belongs to role " + owner + ", which role " + role + " is not a member of",
              "GRANT " + Sql.name(owner) + " TO " + Sql.name(role) + "."));
    }
    if (!session.test("SELECT has_schema_privilege(?::text, 'CREATE')", name.schema())) {
      String role = session.text("SELECT current_user").orElseThrow();
      problems.add(
          new Problem(
              words,
              "stands in schema " + name.schema() + ", where role " + role + " may not create",
              "GRANT CREATE ON SCHEMA " + Sql.name(name.schema()) + " TO " + Sql.name(role) + "."));
    }
    if (signature) {
      anew(session, problems);
    }
    return problems;
  }

  private void anew(Session session, List<Problem> problems) throws SQLException {
    List<String> hanging =
        session.query(
            """
            SELECT pg_describe_object(classid, objid, 0) || ' depends on it' FROM pg_depend
             WHERE refclassid = 'pg_proc'::regclass AND refobjid = ?::oid AND deptype IN ('n', 'a')
            UNION
            SELECT 'it belongs to extension ' || extname
              FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
             WHERE d.classid = 'pg_proc'::regclass AND d.objid = ?::oid
               AND d.refclassid = 'pg_extension'::regclass
            UNION
            SELECT 'it has a security label of ' || provider FROM pg_seclabel
             WHERE classoid = 'pg_proc'::regclass AND objoid = ?::oid""",
            row -> row.getString(1),
            row.oid(),
            row.oid(),
            row.oid());
    for (String each : hanging) {
      problems.add(
          new Problem(
              words,
              "has to be made anew, since the row type is another one, and " + each,
              "Drop it first, and make it again afterwards."));
    }
  }

  @Override
  public Optional<FirstLock> lock() {
    return Optional.empty();
  }

  @Override
  public List<String> release(Map<RelationName, RelationName> names) {
    return signature
        ? List.of("DROP " + kind + " " + sql() + "(" + NamesInSql.replace(arguments, names) + ")")
        : List.of();
  }

  @Override
  public List<String> restate(String text, Map<RelationName, RelationName> names) {
    return Stream.concat(
            Stream.of(create(sql(), text)),
            rights.stream().map(statement -> NamesInSql.replace(statement, names)))
        .toList();
  }
}

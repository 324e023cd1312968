package io.zdmosc.postgres.owned.dependent;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.owned.OwnedContext;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds out on the server, as for views, how what mentions the table is restated, and leaves
 * nothing behind.
 */
final class PieceRehearsal {
  private static final String DROP = "Change or drop it first, and make it again afterwards.";

  private final OwnedContext context;
  private final Session session;
  private final RelationName table;
  private final RelationName served;
  private final String schema;
  private final List<Problem> problems = new ArrayList<>();
  private final Map<Piece, String> texts = new LinkedHashMap<>();

  PieceRehearsal(OwnedContext context) {
    this.context = context;
    this.session = context.session();
    this.table =
        new RelationName(context.source().table().schema(), context.source().table().name());
    this.served = new RelationName(context.spec().finalSchema(), context.spec().finalName());
    this.schema = context.spec().table().schema();
  }

  /** Does it, once. */
  PieceRehearsal run() throws SQLException {
    Savepoint before = session.connection().setSavepoint();
    try {
      session.execute("SET LOCAL lock_timeout = '2s'");
      session.execute("SET LOCAL check_function_bodies = off");
      List<Piece> pieces = read();
      if (!pieces.isEmpty()) {
        Map<Long, ViewInfo> remade = new ViewRehearsal(context).run().remade();
        rename(pieces);
        tryOnTemplate(remade);
      }
    } finally {
      session.connection().rollback(before);
    }
    return this;
  }

  List<Problem> problems() {
    return problems;
  }

  /** How each is to be on the new table. */
  Map<Piece, String> texts() {
    return texts;
  }

  /** The table's name to what it is going to be. */
  Map<RelationName, RelationName> forth() {
    return Map.of(table, served);
  }

  private List<Piece> read() throws SQLException {
    long oid = context.source().table().oid();
    List<Piece> pieces = new ArrayList<>();
    for (OtherDependents.Dependent each : new OtherDependents(session).of(oid, true)) {
      switch (each.catalog()) {
        case "pg_rewrite" ->
            pieces.add(RulePiece.read(session, each.oid(), each.words(), each.relation()));
        case "pg_policy" ->
            pieces.add(PolicyPiece.read(session, each.oid(), each.words(), each.relation()));
        case "pg_proc" -> function(each, pieces);
        default -> refuse(each.words(), "refers to " + table.sql() + " or its row type");
      }
    }
    for (Piece piece : pieces) {
      problems.addAll(piece.problems(session));
    }
    return pieces;
  }

  private void function(OtherDependents.Dependent each, List<Piece> pieces) throws SQLException {
    if (session.test("SELECT prokind IN ('a', 'w') FROM pg_proc WHERE oid = ?::oid", each.oid())) {
      refuse(each.words(), "has the row type of " + table.sql() + " in its signature");
      return;
    }
    long table = context.source().table().oid();
    pieces.add(FunctionPiece.read(session, each.oid(), each.words(), table));
  }

  private void rename(List<Piece> pieces) throws SQLException {
    RenamedCopy copy = new RenamedCopy(context, schema + "_p");
    RelationName copied = copy.create();
    Map<Long, Long> oids = Map.of(context.source().table().oid(), oid(copied));
    Map<Piece, Made> copies = new LinkedHashMap<>();
    for (Piece piece : pieces) {
      String where = schema + "_p" + copies.size();
      Piece.Row row = make(piece, where, piece.text(), Map.of(table, copied), oids);
      if (row != null) {
        copies.put(piece, new Made(where, row));
      }
    }
    RelationName after = copy.rename();
    for (Map.Entry<Piece, Made> each : copies.entrySet()) {
      Piece piece = each.getKey();
      String text = piece.reread(session, each.getValue().schema(), each.getValue().row());
      String renamed = NamesInSql.replace(text, Map.of(after, served));
      if (NamesInSql.mentions(renamed, schema)) {
        refuse(piece.words(), "names what it refers to in a way that cannot be told apart");
      } else {
        texts.put(piece, renamed);
      }
    }
  }

  private record Made(String schema, Piece.Row row) {}

  private void tryOnTemplate(Map<Long, ViewInfo> remade) throws SQLException {
    RelationName template = new RelationName(schema, context.spec().table().name());
    if (!template.name().equals(served.name())) {
      session.execute("ALTER TABLE " + template.sql() + " RENAME TO " + name(served.name()));
      template = new RelationName(schema, served.name());
    }
    Map<Long, Long> oids = Map.of(context.source().table().oid(), context.spec().table().oid());
    int number = 0;
    for (Map.Entry<Piece, String> each : texts.entrySet()) {
      make(
          each.getKey().upon(remade),
          schema + "_q" + number++,
          each.getValue(),
          Map.of(served, template),
          oids);
    }
  }

  /**
   * Makes one in a schema of its own, and looks whether it refers to what it should.
   *
   * @param oids what stands there for which relation
   * @return null where it cannot be
   */
  private Piece.Row make(
      Piece piece,
      String where,
      String text,
      Map<RelationName, RelationName> names,
      Map<Long, Long> oids)
      throws SQLException {
    Set<Long> wanted = new HashSet<>();
    for (long reference : piece.row().references(session)) {
      wanted.add(oids.getOrDefault(reference, reference));
    }
    Savepoint before = session.connection().setSavepoint();
    try {
      session.execute("CREATE SCHEMA " + name(where));
      Piece.Row made = piece.make(session, where, text, names);
      Set<Long> found = made.references(session);
      if (!found.equals(wanted)) {
        refuse(piece.words(), "names what it refers to in a way that cannot be told apart");
        return null;
      }
      return made;
    } catch (SQLException e) {
      session.connection().rollback(before);
      refuse(piece.words(), "does not fit the changed table: " + e.getMessage());
      return null;
    }
  }

  private long oid(RelationName relation) throws SQLException {
    return Long.parseLong(
        session.text("SELECT ?::regclass::oid::text", relation.sql()).orElseThrow());
  }

  private void refuse(String what, String why) {
    problems.add(new Problem(what, why, DROP));
  }
}

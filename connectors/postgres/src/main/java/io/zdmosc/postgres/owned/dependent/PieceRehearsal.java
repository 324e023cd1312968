package io.zdmosc.postgres.owned.dependent;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.owned.ColumnPlaces;
import io.zdmosc.postgres.owned.DroppedColumn;
import io.zdmosc.postgres.owned.OwnedContext;
import io.zdmosc.postgres.owned.OwningTable;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out on the server, as for views, how what mentions the table or partitions of it is
 * restated, and leaves nothing behind.
 */
final class PieceRehearsal {
  private static final String DROP = "Change or drop it first, and make it again afterwards.";

  private final OwnedContext context;
  private final Session session;
  private final Exchanged exchanged;
  private final String schema;
  private final String table;
  private final List<Problem> problems = new ArrayList<>();
  private final Map<Piece, String> texts = new LinkedHashMap<>();

  PieceRehearsal(OwnedContext context) {
    this.context = context;
    this.session = context.session();
    this.exchanged = new Exchanged(context);
    this.schema = context.spec().table().schema();
    this.table = context.source().table().sqlName();
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
        List<OwningTable> mentioned = mentioned(pieces);
        rename(pieces, mentioned);
        tryOnTemplates(remade, mentioned);
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

  /** The names of the table and its partitions to what they are going to be. */
  Map<RelationName, RelationName> forth() {
    return exchanged.servedNames();
  }

  private List<Piece> read() throws SQLException {
    List<Piece> pieces = new ArrayList<>();
    for (OtherDependents.Dependent each : new OtherDependents(session).of(exchanged.oids(), true)) {
      switch (each.catalog()) {
        case "pg_rewrite" ->
            pieces.add(RulePiece.read(session, each.oid(), each.words(), each.relation()));
        case "pg_policy" ->
            pieces.add(PolicyPiece.read(session, each.oid(), each.words(), each.relation()));
        case "pg_proc" -> function(each, pieces);
        default -> refuse(each.words(), "refers to " + table + ", a partition of it or a row type");
      }
    }
    for (Piece piece : pieces) {
      problems.addAll(piece.problems(session));
    }
    return pieces;
  }

  private void function(OtherDependents.Dependent each, List<Piece> pieces) throws SQLException {
    if (session.test("SELECT prokind IN ('a', 'w') FROM pg_proc WHERE oid = ?::oid", each.oid())) {
      refuse(
          each.words(),
          "has the row type of " + table + " or of a partition of it in its signature");
      return;
    }
    pieces.add(FunctionPiece.read(session, each.oid(), each.words(), exchanged.oids()));
  }

  private List<OwningTable> mentioned(List<Piece> pieces) throws SQLException {
    Set<Long> references = new HashSet<>();
    for (Piece piece : pieces) {
      references.addAll(piece.row().references(session));
    }
    return exchanged.among(references);
  }

  private void rename(List<Piece> pieces, List<OwningTable> mentioned) throws SQLException {
    Exchanged.Copies copied = exchanged.copies(mentioned);
    Map<Piece, Made> copies = new LinkedHashMap<>();
    ColumnPlaces places = new ColumnPlaces(context, mentioned);
    for (Piece piece : pieces) {
      Optional<String> byPlace = places.problem(piece.text());
      byPlace.ifPresent(why -> refuse(piece.words(), why));
      if (byPlace.isPresent() || usesDropped(piece)) {
        continue;
      }
      String where = schema + "_p" + copies.size();
      Piece.Row row = make(piece, where, piece.text(), copied.standIns());
      if (row != null) {
        copies.put(piece, new Made(where, row));
      }
    }
    Map<RelationName, RelationName> served = copied.rename();
    for (Map.Entry<Piece, Made> each : copies.entrySet()) {
      Piece piece = each.getKey();
      String text = piece.reread(session, each.getValue().schema(), each.getValue().row());
      String renamed = NamesInSql.replace(text, served);
      if (NamesInSql.mentions(renamed, schema)) {
        refuse(piece.words(), "names what it refers to in a way that cannot be told apart");
      } else {
        texts.put(piece, renamed);
      }
    }
  }

  /** A column of this name may be there after the change, but it is another one. */
  private boolean usesDropped(Piece piece) throws SQLException {
    List<DroppedColumn> dropped =
        DroppedColumn.usedBy(context, piece.row().catalog(), piece.row().oid());
    if (!dropped.isEmpty()) {
      refuse(piece.words(), "uses " + DroppedColumn.words(dropped) + ", which the change drops");
    }
    return !dropped.isEmpty();
  }

  private record Made(String schema, Piece.Row row) {}

  private void tryOnTemplates(Map<Long, ViewInfo> remade, List<OwningTable> mentioned)
      throws SQLException {
    Exchanged.StandIns templates = exchanged.templates(mentioned);
    int number = 0;
    for (Map.Entry<Piece, String> each : texts.entrySet()) {
      Piece piece = each.getKey().upon(remade);
      make(piece, schema + "_q" + number++, each.getValue(), templates);
    }
  }

  /**
   * Makes one in a schema of its own, and looks whether it refers to what it should.
   *
   * @param standIns what stands there for which relation
   * @return null where it cannot be
   */
  private Piece.Row make(Piece piece, String where, String text, Exchanged.StandIns standIns)
      throws SQLException {
    Set<Long> wanted = new HashSet<>();
    for (long reference : piece.row().references(session)) {
      wanted.add(standIns.oids().getOrDefault(reference, reference));
    }
    Savepoint before = session.connection().setSavepoint();
    try {
      session.execute("CREATE SCHEMA " + name(where));
      Piece.Row made = piece.make(session, where, text, standIns.names());
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

  private void refuse(String what, String why) {
    problems.add(new Problem(what, why, DROP));
  }
}

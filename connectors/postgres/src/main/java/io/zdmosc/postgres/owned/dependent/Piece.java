package io.zdmosc.postgres.owned.dependent;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.handover.FirstLock;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Something that mentions the table and is no view: a rule, policy or default of another relation,
 * or a function. It has a text, in which the server names the table.
 */
interface Piece {

  /** In the server's words. */
  String words();

  /** As the server writes it. */
  String text();

  /**
   * Makes one of this text in a schema that is there and empty.
   *
   * @param names what the text's names are to stand for there
   * @return its row in the catalog
   */
  Row make(Session session, String schema, String text, Map<RelationName, RelationName> names)
      throws SQLException;

  /** The text of one that was made, as the server writes it now, for the piece itself. */
  String reread(Session session, String schema, Row made) throws SQLException;

  /** What must not be, whatever the change is. */
  List<Problem> problems(Session session) throws SQLException;

  /** What it is locked by before the table, where something has to be. */
  Optional<FirstLock> lock();

  /** Takes it away from the table that stops serving, where it cannot be restated in place. */
  List<String> release(Map<RelationName, RelationName> names);

  /** Gives it this text, or makes it anew with it. */
  List<String> restate(String text, Map<RelationName, RelationName> names);

  /** The same when views, by their oids, have the columns of others. */
  default Piece upon(Map<Long, ViewInfo> remade) {
    return this;
  }

  /** Its row in the catalog. */
  Row row();

  /**
   * A row of a catalog.
   *
   * @param host the relation that it belongs to, or 0
   */
  record Row(String catalog, long oid, long host) {

    /** The oids of the other relations that it refers to, by their row types too. */
    Set<Long> references(Session session) throws SQLException {
      return Set.copyOf(
          session.query(
              """
              SELECT DISTINCT coalesce(nullif(y.typrelid, 0), e.typrelid, d.refobjid)::bigint
                FROM pg_depend d
                LEFT JOIN pg_type y ON d.refclassid = 'pg_type'::regclass AND y.oid = d.refobjid
                LEFT JOIN pg_type e ON e.oid = y.typelem AND e.typrelid <> 0
               WHERE d.classid = ?::regclass AND d.objid = ?::oid
                 AND (d.refclassid = 'pg_class'::regclass OR y.typrelid <> 0
                      OR e.typrelid IS NOT NULL)
                 AND coalesce(nullif(y.typrelid, 0), e.typrelid, d.refobjid) <> ?::oid""",
              row -> row.getLong(1),
              catalog,
              oid,
              host));
    }
  }
}

package io.zdmosc.postgres.shadow;

import static io.zdmosc.postgres.sql.Sql.literal;
import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.postgres.catalog.Catalog;
import io.zdmosc.postgres.catalog.ColumnInfo;
import io.zdmosc.postgres.catalog.ConstraintInfo;
import io.zdmosc.postgres.catalog.IndexInfo;
import io.zdmosc.postgres.catalog.SequenceInfo;
import io.zdmosc.postgres.catalog.TableInfo;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.List;

/**
 * Builds the source's definition anew, empty, under the same names in another schema. Foreign keys
 * are left out: to add and drop them would lock the tables they refer to.
 */
final class TemplateTable {
  private final Session session;
  private final SourceTable source;
  private final String schema;
  private final TemplatePartitions pieces;

  TemplateTable(Session session, SourceTable source, String schema) {
    this(session, source, schema, null);
  }

  /**
   * @param pieces into which the table is to be cut; null for a plain one
   */
  TemplateTable(Session session, SourceTable source, String schema, TemplatePartitions pieces) {
    this.session = session;
    this.source = source;
    this.schema = schema;
    this.pieces = pieces;
  }

  String sqlName() {
    return name(schema, source.table().name());
  }

  void create() throws SQLException {
    if (pieces == null) {
      session.execute(createTable());
    } else {
      pieces.create(createTable(), sqlName());
    }
    identitySequences();
    for (ConstraintInfo check : source.constraintsOfType("c")) {
      if (pieces == null) {
        addConstraint(check.name(), check.definition(), check.comment());
      } else {
        pieces.tryCheck(
            check, () -> addConstraint(check.name(), check.definition(), check.comment()));
      }
    }
    notValidNotNulls();
    for (IndexInfo index : source.indexes()) {
      if (!index.canBeCarried()) {
        continue;
      }
      if (pieces == null) {
        createIndex(index);
      } else {
        pieces.tryIndex(index, () -> createIndex(index));
      }
    }
    for (ColumnInfo column : source.columns()) {
      columnSettings(column);
    }
    if (pieces != null) {
      pieces.refuseIfAny();
    }
    replicaIdentity();
  }

  private String createTable() {
    TableInfo table = source.table();
    StringBuilder sql = new StringBuilder("CREATE ");
    if (table.persistence() == 'u') {
      sql.append("UNLOGGED ");
    }
    sql.append("TABLE ").append(sqlName()).append(" (LIKE ").append(table.sqlName());
    sql.append(" INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING STORAGE");
    sql.append(" INCLUDING COMPRESSION INCLUDING COMMENTS");
    // a partition's identity belongs to its table, from which it comes again
    boolean hasIdentity = source.sequences().stream().anyMatch(SequenceInfo::identity);
    sql.append(hasIdentity ? " INCLUDING IDENTITY)" : ")");
    if (pieces != null) {
      return sql.toString(); // the rest belongs to the partitions
    }
    if (!table.accessMethod().isEmpty()) {
      sql.append(" USING ").append(name(table.accessMethod()));
    }
    if (!table.options().isEmpty()) {
      sql.append(" WITH (").append(table.options()).append(")");
    }
    if (!table.tablespace().isEmpty()) {
      sql.append(" TABLESPACE ").append(name(table.tablespace()));
    }
    return sql.toString();
  }

  /**
   * LIKE makes identity sequences anew: with the right bounds, but always as bigint, so that a
   * change of the column's type would not widen them, and under the names of the moment. Two may
   * have each other's names, so all of them give theirs away first. They stand where the source's
   * stand, and as if a number had been drawn: what the clause restarts shows by not being so.
   */
  private void identitySequences() throws SQLException {
    Catalog catalog = new Catalog(session);
    long oid = catalog.resolve(sqlName()).orElseThrow();
    List<SequenceInfo> made =
        catalog.sequences(oid).stream().filter(SequenceInfo::identity).toList();
    for (int number = 0; number < made.size(); number++) {
      rename(made.get(number).name(), temporary(number));
    }
    for (int number = 0; number < made.size(); number++) {
      SequenceInfo original = original(made.get(number), catalog.columns(oid));
      String present = name(schema, temporary(number));
      session.execute("ALTER SEQUENCE " + present + " AS " + original.type());
      session.text(
          "SELECT setval("
              + literal(present)
              + "::regclass, last_value, true)::text FROM "
              + name(original.schema(), original.name()));
      rename(temporary(number), original.name());
    }
  }

  private static String temporary(int number) {
    return "zdm_identity_" + number;
  }

  private void rename(String sequence, String to) throws SQLException {
    session.execute("ALTER SEQUENCE " + name(schema, sequence) + " RENAME TO " + name(to));
  }

  private SequenceInfo original(SequenceInfo made, List<ColumnInfo> columns) {
    return columns.stream()
        .filter(column -> column.number() == made.column())
        .findFirst()
        .map(column -> source.identitySequence(column.name()))
        .orElseThrow();
  }

  private void addConstraint(String constraint, String definition, String comment)
      throws SQLException {
    addConstraint("", constraint, definition, comment);
  }

  private void addConstraint(String only, String constraint, String definition, String comment)
      throws SQLException {
    session.execute(
        "ALTER TABLE "
            + only
            + sqlName()
            + " ADD CONSTRAINT "
            + name(constraint)
            + " "
            + definition);
    commentOnConstraint(constraint, comment);
  }

  private void commentOnConstraint(String constraint, String comment) throws SQLException {
    if (comment != null) {
      session.execute(
          "COMMENT ON CONSTRAINT "
              + name(constraint)
              + " ON "
              + sqlName()
              + " IS "
              + literal(comment));
    }
  }

  /** LIKE carries not-null constraints over with their names, but makes all of them valid. */
  private void notValidNotNulls() throws SQLException {
    for (ConstraintInfo notNull : source.constraintsOfType("n")) {
      if (!notNull.validated()) {
        session.execute("ALTER TABLE " + sqlName() + " DROP CONSTRAINT " + name(notNull.name()));
        addConstraint(notNull.name(), notNull.definition(), notNull.comment());
      } else {
        commentOnConstraint(notNull.name(), notNull.comment());
      }
    }
  }

  private void createIndex(IndexInfo index) throws SQLException {
    if (index.needsConstraintSyntax() || pieces != null && index.servesConstraint()) {
      addConstraint(
          IndexSql.onlyIf(index),
          index.constraint(),
          IndexSql.constraint(index),
          index.constraintComment());
    } else {
      session.execute(IndexSql.create(index, sqlName(), index.name()));
      if (index.servesConstraint()) {
        session.execute(IndexSql.attach(index, sqlName(), index.name()));
        commentOnConstraint(index.constraint(), index.constraintComment());
      }
    }
    for (String sql : IndexSql.settings(index, schema, index.name())) {
      session.execute(sql);
    }
    if (index.clustered() && pieces == null) {
      session.execute("ALTER TABLE " + sqlName() + " CLUSTER ON " + name(index.name()));
    }
  }

  private void columnSettings(ColumnInfo column) throws SQLException {
    String alter = "ALTER TABLE " + sqlName() + " ALTER COLUMN " + name(column.name());
    if (column.statistics() != null) {
      session.execute(alter + " SET STATISTICS " + column.statistics());
    }
    if (column.options() != null) {
      session.execute(alter + " SET (" + column.options() + ")");
      if (pieces != null) {
        pieces.forEach(" ALTER COLUMN " + name(column.name()) + " SET (" + column.options() + ")");
      }
    }
  }

  private void replicaIdentity() throws SQLException {
    if (source.replicaIdentity().equals("DEFAULT")) {
      return;
    }
    session.execute("ALTER TABLE " + sqlName() + " REPLICA IDENTITY " + source.replicaIdentity());
    if (pieces != null) {
      pieces.identify(source.replicaIdentity());
    }
  }
}

package io.zdmosc.postgres.shadow;

import static io.zdmosc.postgres.sql.Sql.literal;
import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.postgres.catalog.Catalog;
import io.zdmosc.postgres.catalog.SequenceInfo;
import io.zdmosc.postgres.partition.PartitionLayout;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;

/**
 * Cuts the changed template into partitions. A plain table cannot become a partitioned one, so it
 * is built once more, with all that the clause has made of it. The clause itself has run on the
 * plain one: a primary key without the partition key may well be there until it is dropped.
 */
final class PartitionedTemplate {
  private final Session session;
  private final PartitionLayout layout;
  private final String schema;
  private final String userSearchPath;

  PartitionedTemplate(
      Session session, PartitionLayout layout, String schema, String userSearchPath) {
    this.session = session;
    this.layout = layout;
    this.schema = schema;
    this.userSearchPath = userSearchPath;
  }

  /**
   * Puts the partitioned table in the plain one's place.
   *
   * @return its oid
   * @throws RefusedException with everything that the server does not let it have
   */
  long replace(long plainOid) throws SQLException {
    Catalog catalog = new Catalog(session);
    String aside = schema + "_plain";
    session.execute("CREATE SCHEMA " + name(aside));
    session.execute(
        "ALTER TABLE "
            + catalog.table(plainOid).orElseThrow().sqlName()
            + " SET SCHEMA "
            + name(aside));
    SourceTable plain = SourceTable.read(catalog, catalog.table(plainOid).orElseThrow());
    TemplatePartitions pieces =
        new TemplatePartitions(session, layout, plain, schema, userSearchPath);
    TemplateTable template = new TemplateTable(session, plain, schema, pieces);
    template.create();
    pieces.refuseIfAny();
    for (SequenceInfo sequence : plain.sequences()) {
      String column = template.sqlName() + "." + name(plain.column(sequence.column()).name());
      takeOver(sequence, column);
    }
    session.execute("DROP TABLE " + plain.table().sqlName());
    session.execute("DROP SCHEMA " + name(aside));
    return catalog.resolve(template.sqlName()).orElseThrow();
  }

  /** An identity's sequence was made anew and gets the state; one of a serial column moves. */
  private void takeOver(SequenceInfo sequence, String column) throws SQLException {
    String present = name(sequence.schema(), sequence.name());
    String ours = name(schema, sequence.name());
    if (sequence.identity()) {
      session.text(
          "SELECT setval("
              + literal(ours)
              + "::regclass, last_value, is_called)::text FROM "
              + present);
      return;
    }
    session.execute("ALTER SEQUENCE " + present + " OWNED BY NONE");
    session.execute("ALTER SEQUENCE " + present + " SET SCHEMA " + name(schema));
    session.execute("ALTER SEQUENCE " + ours + " OWNED BY " + column);
  }
}

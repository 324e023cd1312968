package io.zdmosc.postgres.owned;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.shadow.IdentityChooser;
import io.zdmosc.postgres.shadow.RowIdentity;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Publications that list the table, with their lists of columns and filters of rows. The server
 * decodes each transaction with the catalog of its time: up to the swap it publishes what the old
 * table gets, from the next transaction on what the new one gets, by the same name.
 */
final class PublicationKind extends MovingKind {
  private static final int LISTS_SINCE = 150000;

  private static final String QUERY =
      """
      SELECT p.pubname, r.oid::bigint, ARRAY[
               format('ALTER PUBLICATION %%I ADD TABLE %%I.%%I', p.pubname, n.nspname, c.relname)%s]
        FROM pg_publication_rel r
        JOIN pg_publication p ON p.oid = r.prpubid
        JOIN pg_class c ON c.oid = r.prrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE r.prrelid = ?::oid AND p.pubname !~ '^zdm_osc_[0-9]+$'
       ORDER BY p.pubname\
      """;

  private static final String LISTS =
      """

                 || coalesce(' (' || (SELECT string_agg(quote_ident(a.attname), ', '
                                                        ORDER BY a.attnum)
                                        FROM pg_attribute a
                                       WHERE a.attrelid = r.prrelid
                                         AND a.attnum = ANY (r.prattrs::int2[])) || ')', '')
                 || coalesce(' WHERE (' || pg_get_expr(r.prqual, r.prrelid) || ')', '')\
      """;

  private static final String FOREIGN =
      """
      SELECT p.pubname, pg_get_userbyid(p.pubowner)
        FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid
       WHERE r.prrelid = ?::oid AND p.pubname !~ '^zdm_osc_[0-9]+$'
         AND NOT pg_has_role(p.pubowner, 'USAGE')
       ORDER BY p.pubname\
      """;

  private static final String LIMITED =
      """
      SELECT p.pubname FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid
       WHERE r.prrelid = ?::oid AND p.pubname !~ '^zdm_osc_[0-9]+$'
         AND (r.prattrs IS NOT NULL OR r.prqual IS NOT NULL) AND (p.pubupdate OR p.pubdelete)
       ORDER BY p.pubname\
      """;

  private static final String BY_PARTITION =
      """
      SELECT p.pubname FROM pg_publication p, (SELECT ?::oid AS oid) AS t
       WHERE NOT p.pubviaroot AND p.pubname !~ '^zdm_osc_[0-9]+$'
         AND (p.puballtables
              OR EXISTS (SELECT FROM pg_publication_rel r
                          WHERE r.prpubid = p.oid AND r.prrelid = t.oid)%s)
       ORDER BY p.pubname\
      """;

  private static final String BY_SCHEMA =
      """

              OR EXISTS (SELECT FROM pg_publication_namespace n JOIN pg_class c ON c.oid = t.oid
                          WHERE n.pnpubid = p.oid AND n.pnnspid = c.relnamespace)\
      """;

  @Override
  String word() {
    return "publication";
  }

  @Override
  String catalog() {
    return "pg_publication_rel";
  }

  @Override
  List<Definition> read(OwnedContext context, OwningTable table, long oid) throws SQLException {
    String lists = context.version() >= LISTS_SINCE ? LISTS : "";
    return Definitions.read(context.session(), QUERY.formatted(lists), oid);
  }

  @Override
  String drop(Definition publication, TableName table) {
    return "ALTER PUBLICATION " + name(publication.name()) + " DROP TABLE " + table.sql();
  }

  @Override
  public List<String> carried(OwnedContext context) throws SQLException {
    List<String> carried = new ArrayList<>(super.carried(context));
    if (context.isSchemaPublished()) {
      carried.add(
          "publications of whole schemas: the new table is kept in zdm_osc until the swap, and the"
              + " retired one goes there");
    }
    return carried;
  }

  @Override
  List<Problem> otherProblems(OwnedContext context) throws SQLException {
    List<Problem> problems = new ArrayList<>();
    for (OwningTable table : context.tables()) {
      problems.addAll(foreign(context, table));
    }
    if (context.becomesPartitioned()) {
      problems.addAll(byPartition(context));
    }
    if (context.version() >= LISTS_SINCE) {
      problems.addAll(limited(context));
    }
    return problems;
  }

  /** Subscribers know the table's name only, and would be sent the names of partitions. */
  private static List<Problem> byPartition(OwnedContext context) throws SQLException {
    return context
        .session()
        .query(
            BY_PARTITION.formatted(context.version() >= LISTS_SINCE ? BY_SCHEMA : ""),
            row ->
                new Problem(
                    "publication " + row.getString(1),
                    "would publish the changes of partitions under the names of the partitions,"
                        + " which its subscribers do not have",
                    "ALTER PUBLICATION "
                        + name(row.getString(1))
                        + " SET (publish_via_partition_root = true)."),
            context.source().table().oid());
  }

  private static List<Problem> foreign(OwnedContext context, OwningTable table)
      throws SQLException {
    String role = context.session().text("SELECT current_user").orElseThrow();
    return context
        .session()
        .query(
            FOREIGN,
            row ->
                new Problem(
                    "publication " + row.getString(1),
                    "belongs to "
                        + row.getString(2)
                        + ", so that role "
                        + role
                        + " may not put the new table in the old one's place",
                    "GRANT "
                        + name(row.getString(2))
                        + " TO "
                        + name(role)
                        + "; or: ALTER PUBLICATION "
                        + name(row.getString(1))
                        + " OWNER TO "
                        + name(role)
                        + "."),
            table.oid());
  }

  /** With another replica identity the application's own statements would be refused. */
  private static List<Problem> limited(OwnedContext context) throws SQLException {
    RowIdentity identity =
        new IdentityChooser(context.session(), context.source(), context.spec()).choose();
    if (identity.arrange().isEmpty()) {
      return List.of();
    }
    return context
        .session()
        .query(
            LIMITED,
            row ->
                new Problem(
                    "publication " + row.getString(1),
                    "has a list of columns or a filter for the table, and the migration would have"
                        + " to set the replica identity to "
                        + identity.arrange()
                        + ", with which the server may refuse to update or delete rows",
                    "Set a replica identity that fits both first: ALTER TABLE "
                        + context.sourceName().sql()
                        + " REPLICA IDENTITY ..."),
            context.source().table().oid());
  }
}

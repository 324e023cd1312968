package io.zdmosc.postgres.owned;

import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;

/**
 * A table that may have things of its own: the one that is changed, or a partition of it that goes
 * on.
 *
 * @param number 0 for the table itself; partitions come after it, the higher levels first
 * @param oid of the old one
 * @param source what it is called
 * @param served what its successor is to be called
 * @param shadow where its successor is when the shadow has been made
 * @param template where its changed and empty copy is
 */
public record OwningTable(
    int number,
    long oid,
    TableName source,
    TableName served,
    TableName shadow,
    TableName template) {

  /** Gives the template the name that the successor is to have; the template under it. */
  public TableName servedTemplate(Session session) throws SQLException {
    TableName renamed = new TableName(template.schema(), served.name());
    if (!renamed.equals(template)) {
      session.execute(template.renamed(served.name()));
    }
    return renamed;
  }
}

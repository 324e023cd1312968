package io.zdmosc.postgres.owned;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.postgres.control.MigrationNames;
import io.zdmosc.postgres.shadow.ShadowSpec;
import io.zdmosc.postgres.shadow.SourceTable;
import io.zdmosc.postgres.sql.Session;

/**
 * What a kind looks at.
 *
 * @param session within the transaction that built the changed template, which stands there by
 *     {@code spec.table()} until the kinds are done; the search path is {@code pg_catalog}
 * @param request what was asked for
 * @param searchPath by which the user's names are found
 * @param migrationId 0 in a plan
 * @param version of the server, as in {@code server_version_num}
 */
public record OwnedContext(
    Session session,
    ChangeRequest request,
    String searchPath,
    SourceTable source,
    ShadowSpec spec,
    long migrationId,
    int version) {

  /** A name for a thing of the table that does not serve, unique in its schema. */
  public String aside(String kind, int number) {
    return MigrationNames.part(migrationId, kind, number);
  }
}

package io.zdmosc.postgres.plan.checks;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.postgres.catalog.TableInfo;
import io.zdmosc.postgres.sql.Session;

/**
 * What checks look at.
 *
 * @param version of the server, as in {@code server_version_num}
 */
public record CheckContext(Session session, TableInfo table, int version, ChangeRequest request) {}

package io.zdmosc.mysql.plan.checks;

import io.zdmosc.mysql.catalog.TableInfo;
import io.zdmosc.mysql.sql.Session;

/** What the checks look at. */
public record CheckContext(Session session, TableInfo table) {}

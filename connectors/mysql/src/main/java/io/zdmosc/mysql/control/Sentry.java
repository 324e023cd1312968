package io.zdmosc.mysql.control;

import io.zdmosc.mysql.shadow.Working.Names;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.Sql;
import java.sql.SQLException;

/**
 * An empty table that holds the retired table's name until the cut-over: as long as it stands, no
 * RENAME to that name can succeed.
 */
public final class Sentry {
  private static final String COMMENT = "zdm-osc holds this name until the cut-over";

  private Sentry() {}

  public static void create(Session session, Names names) throws SQLException {
    if (!exists(session, names.retiredSchema(), names.retired())) {
      session.execute(
          "CREATE TABLE "
              + Sql.name(names.retiredSchema(), names.retired())
              + " (id INT NOT NULL PRIMARY KEY) ENGINE = InnoDB COMMENT = "
              + Sql.literal(COMMENT));
    }
  }

  /** True when the table of this name is a sentry, and not somebody's data. */
  public static boolean exists(Session session, String schema, String name) throws SQLException {
    return session.test(
        "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?"
            + " AND TABLE_COMMENT = ?",
        schema,
        name,
        COMMENT);
  }
}

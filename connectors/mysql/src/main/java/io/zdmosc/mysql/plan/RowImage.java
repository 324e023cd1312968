package io.zdmosc.mysql.plan;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.mysql.shadow.KeyColumn;
import io.zdmosc.mysql.shadow.RowIdentity;
import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Whether the binary log carries the key of every row that changes.
 *
 * <p>{@code NOBLOB} leaves out only what no identity is made of, MariaDB's {@code FULL_NODUP} only
 * what is the same as in the image before. {@code MINIMAL} carries, as the image before, the
 * primary key and nothing else; and of a new row what the statement names, so not a column that
 * gets its constant default. A default that is an expression is there, and so is AUTO_INCREMENT.
 */
final class RowImage {
  private static final Set<String> WHOLE_KEYS = Set.of("FULL", "NOBLOB", "FULL_NODUP");
  private static final String REMEDY =
      "SET GLOBAL binlog_row_image = 'FULL'; sessions that are open keep what they have.";

  private final Session session;
  private final RowIdentity identity;

  RowImage(Session session, RowIdentity identity) {
    this.session = session;
    this.identity = identity;
  }

  List<Problem> problems() throws SQLException {
    String image = session.variable("binlog_row_image").orElse("FULL").toUpperCase(Locale.ROOT);
    List<Problem> problems = new ArrayList<>();
    if (WHOLE_KEYS.contains(image)) {
      return problems;
    }
    if (!image.equals("MINIMAL")) {
      problems.add(new Problem("binlog_row_image", "is " + image + ", which is not known", REMEDY));
      return problems;
    }
    if (!identity.index().isPrimary()) {
      problems.add(
          new Problem(
              "binlog_row_image",
              "is MINIMAL, which leaves out the columns of unique index "
                  + identity.index().name()
                  + ", by which rows are told apart",
              REMEDY));
    }
    for (KeyColumn column : identity.columns()) {
      if (column.source().hasConstantDefault(session.server().mariaDb())) {
        problems.add(
            new Problem(
                "binlog_row_image",
                "is MINIMAL, which leaves out key column "
                    + column.source().name()
                    + " of a new row that gets its default",
                REMEDY));
      }
    }
    return problems;
  }
}

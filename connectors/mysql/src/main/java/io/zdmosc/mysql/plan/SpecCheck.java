package io.zdmosc.mysql.plan;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.mysql.alter.TableDdl.ItemKind;
import io.zdmosc.mysql.shadow.RowIdentity;
import io.zdmosc.mysql.shadow.ShadowSpec;
import io.zdmosc.mysql.shadow.SourceTable;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.Sql;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What the server would take, but a shadow table cannot. */
final class SpecCheck {
  private static final Pattern ENGINE =
      Pattern.compile("\\bENGINE=(\\w+)", Pattern.CASE_INSENSITIVE);

  private final Session session;
  private final SourceTable source;
  private final ShadowSpec spec;
  private final RowIdentity identity;

  SpecCheck(Session session, SourceTable source, ShadowSpec spec, RowIdentity identity) {
    this.session = session;
    this.source = source;
    this.spec = spec;
    this.identity = identity;
  }

  List<Problem> run() throws SQLException {
    List<Problem> problems = new ArrayList<>();
    var engine = ENGINE.matcher(spec.ddl().options());
    if (engine.find() && !engine.group(1).equalsIgnoreCase("InnoDB")) {
      problems.add(
          new Problem(
              "ENGINE = " + engine.group(1),
              "has no transactions, so changes could not be carried over safely",
              "Use ALTER TABLE for this."));
    }
    spec.ddl()
        .items(ItemKind.FOREIGN_KEY)
        .forEach(
            item ->
                problems.add(
                    new Problem(
                        "foreign key " + item.name(),
                        "cannot be added in this way yet",
                        "Add it by an ALTER TABLE of its own after the migration.")));
    if (spec.ddl().options().toUpperCase(Locale.ROOT).contains("WITH SYSTEM VERSIONING")) {
      problems.add(
          new Problem("system versioning", "cannot be added in this way", "Use ALTER TABLE."));
    }
    newName(problems);
    orderOfLocks(problems);
    timeZone(problems);
    problems.addAll(new RowImage(session, identity).problems());
    return problems;
  }

  private void newName(List<Problem> problems) throws SQLException {
    boolean taken =
        !spec.finalName().equals(source.table().name())
            && session.test(
                "SELECT COUNT(*) FROM information_schema.TABLES"
                    + " WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?",
                source.table().schema(),
                spec.finalName());
    if (taken) {
      problems.add(
          new Problem(
              "table " + Sql.name(source.table().schema(), spec.finalName()),
              "exists already, and the change would make one of that name",
              "Choose another name in the clause."));
    }
  }

  /**
   * MariaDB's RENAME takes its locks in the order of names. That it waits is taken to mean that it
   * waits for the source; a new name before that one could be what it waits for, and then writers
   * would get in between.
   */
  private void orderOfLocks(List<Problem> problems) {
    byte[] wanted = spec.finalName().getBytes(StandardCharsets.UTF_8);
    byte[] present = source.table().name().getBytes(StandardCharsets.UTF_8);
    if (session.server().mariaDb() && Arrays.compareUnsigned(wanted, present) < 0) {
      problems.add(
          new Problem(
              "RENAME TO " + Sql.name(spec.finalName()),
              "would give the table a name that sorts before its present one, and MariaDB would"
                  + " take its locks in an order in which writes could be lost",
              "Leave it out, and RENAME TABLE afterwards."));
    }
  }

  /** Keys are exchanged in UTC, but the conversion has to see the server's local time. */
  private void timeZone(List<Problem> problems) throws SQLException {
    boolean keyInTime =
        identity.columns().stream()
            .anyMatch(c -> c.source().isTimestamp() || c.shadow().isTimestamp());
    boolean utc =
        session.test(
            "SELECT @@GLOBAL.time_zone IN ('UTC', '+00:00')"
                + " OR (@@GLOBAL.time_zone = 'SYSTEM' AND @@system_time_zone = 'UTC')");
    if (keyInTime && spec.needsServerTimeZone() && !utc) {
      problems.add(
          new Problem(
              "a TIMESTAMP in the key",
              "cannot be told apart in local time, which the conversion of another column needs",
              "Convert between TIMESTAMP and DATETIME in a change of its own, without such a"
                  + " key."));
    }
  }
}

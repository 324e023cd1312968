package io.zdmosc.mysql.cutover;

import io.zdmosc.mysql.catalog.TableInfo;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.QualifiedName;
import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who would make the cut-over wait: transactions that hold a metadata lock on the table for longer
 * than a moment, statements that wait for one, and read views that are older than the copy, whose
 * owners would find the new table empty.
 *
 * <p>MySQL shows metadata locks in its performance schema, MariaDB by its plugin
 * metadata_lock_info. Where neither can be seen, long statements that name the table are taken for
 * such.
 */
public final class Obstacles {
  /** The transactions of the storage engine, with their age in seconds. */
  private static final String ENGINES =
      """
      (SELECT trx_mysql_thread_id AS id, trx_isolation_level AS level,
              TIMESTAMPDIFF(SECOND, trx_started, NOW()) AS age
         FROM information_schema.INNODB_TRX)\
      """;

  /** The same as the performance schema has them, with some that have not read anything yet. */
  private static final String SERVERS =
      """
      (SELECT t.PROCESSLIST_ID AS id, e.ISOLATION_LEVEL AS level,
              e.TIMER_WAIT DIV 1000000000000 AS age
         FROM performance_schema.events_transactions_current e
         JOIN performance_schema.threads t USING (THREAD_ID)
        WHERE e.STATE = 'ACTIVE' AND t.PROCESSLIST_ID IS NOT NULL)\
      """;

  private static final String OLD_VIEWS =
      """
      SELECT CONCAT('transaction of connection ', x.id,
                    ' reads with a view that is older than the copy, for ', x.age, ' s')
        FROM {transactions} AS x
       WHERE x.level IN ('REPEATABLE READ', 'SERIALIZABLE')
         AND UNIX_TIMESTAMP() - x.age < ? AND x.id NOT IN ({ours})\
      """;

  private static final String MYSQL_LOCKS =
      """
      SELECT CONCAT('connection ', COALESCE(t.PROCESSLIST_ID, 0), ' (',
                    COALESCE(t.PROCESSLIST_USER, 'unknown'), ') has held ', l.LOCK_TYPE,
                    CASE l.OBJECT_TYPE WHEN 'TABLE' THEN ' on the table'
                                       ELSE CONCAT(' as ', l.OBJECT_TYPE) END, ' for ',
                    COALESCE(x.age, t.PROCESSLIST_TIME), ' s')
        FROM performance_schema.metadata_locks l
        JOIN performance_schema.threads t ON t.THREAD_ID = l.OWNER_THREAD_ID
        LEFT JOIN {transactions} AS x ON x.id = t.PROCESSLIST_ID
       WHERE (l.OBJECT_TYPE = 'TABLE' AND l.OBJECT_SCHEMA = ? AND l.OBJECT_NAME = ?
              AND (l.LOCK_STATUS = 'PENDING' OR x.age > 1
                   OR (x.id IS NULL AND t.PROCESSLIST_TIME >= 1))
              OR l.OBJECT_TYPE IN ('GLOBAL', 'BACKUP LOCK') AND l.LOCK_TYPE = 'SHARED')
         AND COALESCE(t.PROCESSLIST_ID, 0) NOT IN ({ours})\
      """;

  private static final String MARIADB_LOCKS =
      """
      SELECT CONCAT('connection ', l.THREAD_ID, ' has held ', l.LOCK_MODE, ' on the table for ',
                    COALESCE(x.age, p.TIME), ' s')
        FROM information_schema.METADATA_LOCK_INFO l
        LEFT JOIN information_schema.PROCESSLIST p ON p.ID = l.THREAD_ID
        LEFT JOIN {transactions} AS x ON x.id = l.THREAD_ID
       WHERE l.TABLE_SCHEMA = ? AND l.TABLE_NAME = ?
         AND (x.age > 1 OR (x.id IS NULL AND p.TIME >= 1))
         AND l.THREAD_ID NOT IN ({ours})\
      """;

  private static final String STATEMENTS =
      """
      SELECT CONCAT('connection ', ID, ' (', USER, ') is at a statement on the table for ', TIME,
                    ' s: ', LEFT(INFO, 80))
        FROM information_schema.PROCESSLIST
       WHERE COMMAND <> 'Sleep' AND (TIME >= 1 OR STATE = 'Waiting for table metadata lock')
         AND LOCATE(LOWER(?), LOWER(COALESCE(INFO, ''))) > 0 AND ID NOT IN ({ours})\
      """;

  private static final int CANNOT_CONVERT = 3854;

  private final Session session;
  private final TableInfo table;
  private final Set<QualifiedName> related;
  private final CopyEnd copyEnd;
  private final Set<Long> ours;
  private final Way way;

  private enum Way {
    MYSQL,
    PLUGIN,
    STATEMENTS
  }

  /**
   * @param related other tables that have to be locked too
   * @param ours the connections of this migration
   */
  public Obstacles(
      Session session, TableInfo table, Set<QualifiedName> related, CopyEnd copyEnd, Set<Long> ours)
      throws SQLException {
    this.session = session;
    this.table = table;
    this.related = Set.copyOf(related);
    this.copyEnd = copyEnd;
    this.ours = ours;
    // the server shows when transactions began in its own zone, whatever the session's
    session.execute("SET SESSION time_zone = 'SYSTEM'");
    this.way = way();
  }

  private Way way() throws SQLException {
    if (!session.server().mariaDb()) {
      return seesLocks() ? Way.MYSQL : Way.STATEMENTS;
    }
    boolean plugin =
        session.test(
            "SELECT COUNT(*) FROM information_schema.PLUGINS"
                + " WHERE PLUGIN_NAME = 'METADATA_LOCK_INFO' AND PLUGIN_STATUS = 'ACTIVE'");
    return plugin ? Way.PLUGIN : Way.STATEMENTS;
  }

  /** Takes SELECT on the performance schema, which is no condition of a migration. */
  private boolean seesLocks() throws SQLException {
    if (session.variable("performance_schema").filter("ON"::equalsIgnoreCase).isEmpty()) {
      return false;
    }
    try {
      byName(MYSQL_LOCKS, SERVERS);
      return session.test(
          "SELECT COUNT(*) FROM performance_schema.setup_instruments"
              + " WHERE NAME = 'wait/lock/metadata/sql/mdl' AND ENABLED = 'YES'");
    } catch (SQLException e) {
      if (Failures.isDenied(e)) {
        return false;
      }
      throw e;
    }
  }

  public List<String> find() throws SQLException {
    try {
      return find(ENGINES);
    } catch (SQLException e) {
      if (e.getErrorCode() != CANNOT_CONVERT || session.server().mariaDb()) {
        throw e;
      }
      // MySQL does not show its transactions while a statement of one has, say, an emoji in it
      return way == Way.MYSQL
          ? find(SERVERS)
          : List.of("a statement cannot be shown, and with it no transaction");
    }
  }

  private List<String> find(String transactions) throws SQLException {
    List<String> found = new ArrayList<>();
    switch (way) {
      case MYSQL -> {
        found.addAll(byName(MYSQL_LOCKS, transactions));
        for (QualifiedName other : related) {
          found.addAll(onRelated(MYSQL_LOCKS, other, transactions));
        }
      }
      case PLUGIN -> {
        found.addAll(byName(MARIADB_LOCKS, transactions));
        for (QualifiedName other : related) {
          found.addAll(onRelated(MARIADB_LOCKS, other, transactions));
        }
      }
      case STATEMENTS ->
          found.addAll(
              session.query(
                  filled(STATEMENTS, transactions), row -> row.getString(1), table.name()));
    }
    found.addAll(
        session.query(filled(OLD_VIEWS, transactions), row -> row.getString(1), copyEnd.at()));
    return found;
  }

  private List<String> byName(String query, String transactions) throws SQLException {
    return session.query(
        filled(query, transactions), row -> row.getString(1), table.schema(), table.name());
  }

  private List<String> onRelated(String query, QualifiedName other, String transactions)
      throws SQLException {
    return session
        .query(filled(query, transactions), row -> row.getString(1), other.schema(), other.name())
        .stream()
        .map(words -> words.replace(" on the table ", " on " + other.sql() + " "))
        .toList();
  }

  private String filled(String query, String transactions) {
    String excluded =
        ours.isEmpty() ? "0" : ours.stream().map(String::valueOf).collect(Collectors.joining(","));
    return query.replace("{transactions}", transactions).replace("{ours}", excluded);
  }
}

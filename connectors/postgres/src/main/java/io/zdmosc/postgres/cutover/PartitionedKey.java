package io.zdmosc.postgres.cutover;

import static io.zdmosc.postgres.sql.Sql.literal;
import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.postgres.partition.Partition;
import io.zdmosc.postgres.shadow.ForeignKey;
import io.zdmosc.postgres.shadow.Working;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.List;

/**
 * A foreign key of a partitioned table, before version 18. The swap gave it to each partition,
 * unchecked; when all of them are checked, the table gets it without another look at the rows, and
 * takes theirs for its own.
 */
final class PartitionedKey {
  /** The first version in which a partitioned table's key need not be valid. */
  private static final int WHOLE_NOT_VALID = 18;

  private final Working working;
  private final ForeignKey key;

  /**
   * Whether a key must be given to each partition, since the table takes none that is unchecked.
   */
  static boolean isInParts(Session session) throws SQLException {
    return session.connection().getMetaData().getDatabaseMajorVersion() < WHOLE_NOT_VALID;
  }

  PartitionedKey(Working working, ForeignKey key) {
    this.working = working;
    this.key = key;
  }

  /** Goes on where an earlier try has left off. */
  void complete(Session session, List<String> left) throws SQLException {
    String table = working.spec().servedSql();
    if (session.test(
        "SELECT EXISTS (SELECT FROM pg_constraint WHERE conrelid = ?::regclass AND conname ="
            + " ?::text)",
        table,
        key.name())) {
      return;
    }
    int before = left.size();
    for (Partition partition : working.spec().partitions()) {
      if (partition.isLeaf()) {
        AfterSwap.validate(session, working.servedPartition(partition), key, left);
      }
    }
    if (left.size() > before) {
      return;
    }
    AfterSwap.patiently(
        session,
        "ALTER TABLE " + table + " ADD CONSTRAINT " + name(key.name()) + " " + key.definition(),
        "foreign key " + key.name() + " is on the partitions of " + table + " only",
        AfterSwap.FELT,
        left);
    if (key.comment() != null && left.size() == before) {
      AfterSwap.patiently(
          session,
          "COMMENT ON CONSTRAINT "
              + name(key.name())
              + " ON "
              + table
              + " IS "
              + literal(key.comment()),
          "the comment on foreign key " + key.name(),
          AfterSwap.FELT,
          left);
    }
  }
}

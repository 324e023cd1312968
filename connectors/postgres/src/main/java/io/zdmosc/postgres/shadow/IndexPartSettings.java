package io.zdmosc.postgres.shadow;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.spi.BuildStep;
import io.zdmosc.postgres.partition.Partition;
import io.zdmosc.postgres.sql.Failures;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.SessionFactory;
import java.sql.SQLException;
import java.util.Map;

/**
 * Gives the parts of the shadow's indexes what single partitions have set for theirs, when all are
 * built. May be run again. A part that must be filled otherwise is built anew.
 */
final class IndexPartSettings implements BuildStep {
  private final SessionFactory sessions;
  private final Working working;
  private final long memoryBytes;

  IndexPartSettings(SessionFactory sessions, Working working, long memoryBytes) {
    this.sessions = sessions;
    this.working = working;
    this.memoryBytes = memoryBytes;
  }

  @Override
  public String describe() {
    return "settings of partitions' indexes";
  }

  @Override
  public boolean parallel() {
    return false;
  }

  @Override
  public void run(int processes) {
    try (Session session = sessions.open("index")) {
      BuildSettings.apply(session, memoryBytes, processes);
      Map<IndexParts.Place, String> names = new IndexParts(session).names(working.shadowOid());
      for (IndexPart part : working.spec().indexParts()) {
        set(session, part, names);
      }
    } catch (SQLException e) {
      throw Failures.failed("setting what partitions have for their indexes", e);
    }
  }

  private void set(Session session, IndexPart part, Map<IndexParts.Place, String> names)
      throws SQLException {
    Partition partition = working.spec().partition(part.partition());
    String table = working.presentPartition(partition);
    String schema = working.shadowSchema();
    String index =
        names.get(new IndexParts.Place(table, IndexBuilds.presentName(working, part.whole())));
    if (index == null) {
      throw new IllegalStateException(
          "no part of index " + part.whole() + " on partition " + part.partition());
    }
    session.transaction(
        () -> {
          for (String statement : part.statements(schema, table, index)) {
            session.execute(statement);
          }
          if (part.mustBeBuiltAnew()) {
            session.execute("REINDEX INDEX " + name(schema, index));
          }
          return null;
        });
  }
}

package io.zdmosc.mysql;

import io.zdmosc.engine.spi.SourceWatch;
import io.zdmosc.mysql.catalog.Catalog;
import io.zdmosc.mysql.catalog.Fingerprint;
import io.zdmosc.mysql.shadow.Working;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;
import java.util.List;

/**
 * Reads how server and table are doing.
 *
 * <p>The server keeps its binary log by its own rules, whether somebody reads it or not; so a
 * migration makes it keep nothing.
 */
final class MySqlSourceWatch implements SourceWatch {
  private final Session session;
  private final Working working;
  private final Fingerprint shape;

  MySqlSourceWatch(Session session, Working working, Fingerprint shape) {
    this.session = session;
    this.working = working;
    this.shape = shape;
  }

  @Override
  public List<String> shapeChanges() {
    try {
      return Fingerprint.take(
              session, working.source().table().schema(), working.source().table().name())
          .changesSince(shape);
    } catch (SQLException e) {
      throw Failures.failed("reading the source table's shape", e);
    }
  }

  @Override
  public long retainedLogBytes() {
    return 0;
  }

  @Override
  public long retainedLogLimitBytes() {
    return Long.MAX_VALUE;
  }

  @Override
  public long writtenLogBytes() {
    try {
      return session.read("SHOW BINARY LOGS", row -> row.getLong(2)).stream()
          .mapToLong(Long::longValue)
          .sum();
    } catch (SQLException e) {
      throw Failures.failed("reading the size of the binary logs", e);
    }
  }

  @Override
  public long shadowBytes() {
    try {
      session.read("ANALYZE TABLE " + working.shadowSql(), row -> row.getString(1));
      return new Catalog(session)
          .table(working.names().shadowSchema(), working.names().shadow())
          .map(table -> table.tableBytes() + table.indexBytes())
          .orElse(0L);
    } catch (SQLException e) {
      throw Failures.failed("reading the size of the shadow table", e);
    }
  }

  /** A primary does not know how far its replicas are. */
  @Override
  public long replicaLagMillis() {
    return 0;
  }

  @Override
  public void close() {
    session.close();
  }
}

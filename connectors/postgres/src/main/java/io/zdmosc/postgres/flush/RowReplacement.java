package io.zdmosc.postgres.flush;

import io.zdmosc.engine.spi.FlushResult;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.postgres.shadow.Working;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.List;

/** Replaces shadow rows by the transformed source rows of the same keys. */
public interface RowReplacement {
  /** Of the direction that the pair has. */
  static RowReplacement of(Session session, Working working) {
    return working.back()
        ? new BackStatements(session, working)
        : new FlushStatements(session, working);
  }

  /** Replaces the rows of all keys; throws the server's error when any of them is refused. */
  long replace(List<Key> keys) throws SQLException;

  /** Replaces what can be replaced, in the caller's transaction; the rest is reported. */
  FlushResult replaceAround(List<Key> keys) throws SQLException;

  /** What it means that the row of this one key was refused, in no transaction. */
  default FlushResult refused(Key key, SQLException e) throws SQLException {
    return new FlushResult(0, List.of(new FlushResult.Conflict(key, e.getMessage())));
  }

  /** Whether this error is one of rows that can be passed over for now. */
  boolean canGoAround(SQLException e);
}

package io.zdmosc.harness.server.mysql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;

/**
 * A row-based replica of an embedded server. It begins with the source's first binlog, so the
 * source must have all of them. Close it before the source.
 */
public final class MySqlReplica implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Longer than any test: a commit must never give up waiting for its acknowledgement. */
  private static final long TIMEOUT_MILLIS = 3_600_000;

  private final MySqlServer source;
  private final MySqlServer replica;
  private final ReplicaLink link;
  private final ReplicationTerms terms;
  private boolean semiSynchronous;

  private MySqlReplica(MySqlServer source, MySqlServer replica, ReplicaLink link) {
    this.source = source;
    this.replica = replica;
    this.link = link;
    this.terms = ReplicationTerms.of(source.spec().release().product());
  }

  /** Follows by GTIDs. */
  public static MySqlReplica of(MySqlServer source) throws SQLException {
    return of(source, MySqlSpec.of(source.spec().release()), true);
  }

  /** Follows by file and position. */
  public static MySqlReplica byPosition(MySqlServer source) throws SQLException {
    return of(source, MySqlSpec.of(source.spec().release()).withoutGtids(), false);
  }

  /**
   * Starts a server and returns when it follows.
   *
   * @param spec the replica's own; its server_id is chosen here
   * @param gtids whether it follows by GTIDs, else by file and position
   */
  public static MySqlReplica of(MySqlServer source, MySqlSpec spec, boolean gtids)
      throws SQLException {
    if (!(source instanceof EmbeddedMySqlServer)) {
      throw new UnsupportedOperationException("a replica needs an embedded source");
    }
    ReplicaLink link = ReplicaLink.to(source.port());
    MySqlServer server =
        EmbeddedMySqlServer.start(spec.with("server_id", Integer.toString(link.port())));
    MySqlReplica replica = new MySqlReplica(source, server, link);
    try {
      String firstBinlog = text(source, "SHOW BINARY LOGS", "Log_name");
      server.execute(
          replica.terms.follow(link.port(), gtids, firstBinlog), replica.terms.start(""));
      replica.awaitFollowing();
      return replica;
    } catch (SQLException | RuntimeException e) {
      replica.close();
      throw e;
    }
  }

  /** The replica's own server, for connections, stops and restarts. */
  public MySqlServer server() {
    return replica;
  }

  /** The way between the two, for holding back acknowledgements. */
  public ReplicaLink link() {
    return link;
  }

  /**
   * From now on a commit of the source is in its binlog, but is neither visible nor returns, until
   * this replica has acknowledged it: lossless semi-synchronous replication, AFTER_SYNC. Changes
   * global settings of the source, until {@link #close}.
   */
  public void makeSemiSynchronous() throws SQLException {
    String master = terms.semiSyncSource();
    source.execute(terms.sourcePlugins().toArray(String[]::new));
    replica.execute(terms.replicaPlugins().toArray(String[]::new));
    source.execute(
        "SET GLOBAL " + master + "_wait_point = 'AFTER_SYNC'",
        "SET GLOBAL " + master + "_timeout = " + TIMEOUT_MILLIS,
        "SET GLOBAL " + master + "_enabled = ON");
    semiSynchronous = true;
    replica.execute(
        "SET GLOBAL " + terms.semiSyncReplica() + "_enabled = ON",
        terms.stop(" IO_THREAD"),
        terms.start(" IO_THREAD"));
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> "1".equals(status("R" + master.substring(1) + "_clients")));
  }

  /** How many sessions of the source wait for an acknowledgement. */
  public int waitingCommits() throws SQLException {
    String name = "R" + terms.semiSyncSource().substring(1) + "_wait_sessions";
    return Integer.parseInt(status(name));
  }

  private String status(String name) throws SQLException {
    return text(source, "SHOW GLOBAL STATUS LIKE '" + name + "'", "Value");
  }

  /** Stops applying what still arrives: the replica falls behind. */
  public void pauseApplying() throws SQLException {
    replica.execute(terms.stop(" SQL_THREAD"));
  }

  public void resumeApplying() throws SQLException {
    replica.execute(terms.start(" SQL_THREAD"));
  }

  /** Returns when everything that the source has in its binlog now is applied. */
  public void awaitCaughtUp() throws SQLException {
    String file = lastBinlog("Log_name");
    long position = Long.parseLong(lastBinlog("File_size"));
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () -> {
              String error = column("Last_SQL_Error");
              if (!error.isEmpty()) {
                throw new IllegalStateException("the replica has stopped: " + error);
              }
              int order = column("Relay_%s_Log_File").compareTo(file);
              long applied = Long.parseLong(column("Exec_%s_Log_Pos"));
              return order > 0 || (order == 0 && applied >= position);
            });
  }

  private String lastBinlog(String column) throws SQLException {
    try (Connection connection = source.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SHOW BINARY LOGS")) {
      Optional<String> last = Optional.empty();
      while (rows.next()) {
        last = Optional.of(rows.getString(column));
      }
      return last.orElseThrow();
    }
  }

  private void awaitFollowing() {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> "Yes".equals(text(replica, terms.status(), terms.receiving())));
  }

  private String column(String format) throws SQLException {
    return text(replica, terms.status(), terms.column(format));
  }

  private static String text(MySqlServer server, String sql, String column) throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getString(column) : "";
    }
  }

  @Override
  public void close() throws SQLException {
    if (semiSynchronous) {
      // Whoever still waits is let go.
      source.execute("SET GLOBAL " + terms.semiSyncSource() + "_enabled = OFF");
    }
    link.close();
    replica.close();
  }
}

package io.zdmosc.mysql;

import io.zdmosc.mysql.sql.Session;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** What a server says of replication, in the words of its version. */
final class ReplicaStatus {
  private ReplicaStatus() {}

  /**
   * How many seconds each channel is behind; empty where one does not run.
   *
   * @return no element when the server is no replica
   */
  static List<OptionalLong> secondsBehind(Session session) throws SQLException {
    String sql = isNew(session) ? "SHOW REPLICA STATUS" : "SHOW SLAVE STATUS";
    return session.read(sql, ReplicaStatus::seconds);
  }

  private static OptionalLong seconds(ResultSet row) throws SQLException {
    String text = column(row, "seconds_behind").orElse(null);
    return text == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
  }

  /** Host and port of the replicas that have announced theirs (report_host). */
  static List<String> announced(Session session) throws SQLException {
    String sql =
        isNew(session) && !session.server().mariaDb() ? "SHOW REPLICAS" : "SHOW SLAVE HOSTS";
    List<String> hosts = new ArrayList<>();
    for (Optional<String> host : session.read(sql, ReplicaStatus::address)) {
      host.ifPresent(hosts::add);
    }
    return hosts;
  }

  private static Optional<String> address(ResultSet row) throws SQLException {
    String port = column(row, "port").orElse("3306");
    return column(row, "host").filter(host -> !host.isBlank()).map(host -> host + ":" + port);
  }

  /** The words are of MySQL 8.0.22; MariaDB knows them for the status. */
  private static boolean isNew(Session session) {
    return session.server().mariaDb() || session.server().isMySqlSince(80_022);
  }

  /** The column whose name begins so: it ends in Master or in Source. */
  private static Optional<String> column(ResultSet row, String name) throws SQLException {
    ResultSetMetaData columns = row.getMetaData();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      if (columns.getColumnLabel(i).toLowerCase(Locale.ROOT).startsWith(name)) {
        return Optional.ofNullable(row.getString(i));
      }
    }
    return Optional.empty();
  }
}

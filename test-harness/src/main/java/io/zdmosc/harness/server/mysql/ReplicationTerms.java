package io.zdmosc.harness.server.mysql;

import io.zdmosc.cli.server.Product;
import java.util.List;
import java.util.Locale;

/** What the two products call the parts of replication. */
enum ReplicationTerms {
  MYSQL(
      "CHANGE REPLICATION SOURCE TO SOURCE_HOST = '127.0.0.1', SOURCE_PORT = %d,"
          + " SOURCE_USER = '%s', SOURCE_PASSWORD = '%s', SOURCE_CONNECT_RETRY = 1,"
          + " GET_SOURCE_PUBLIC_KEY = 1, ",
      "SOURCE_AUTO_POSITION = 1",
      "SOURCE_LOG_FILE = '%s', SOURCE_LOG_POS = 4",
      "REPLICA",
      "Source",
      "rpl_semi_sync_source",
      "rpl_semi_sync_replica",
      List.of("INSTALL PLUGIN rpl_semi_sync_source SONAME 'semisync_source.so'"),
      List.of("INSTALL PLUGIN rpl_semi_sync_replica SONAME 'semisync_replica.so'")),
  MARIADB(
      "CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = %d, MASTER_USER = '%s',"
          + " MASTER_PASSWORD = '%s', MASTER_CONNECT_RETRY = 1, MASTER_SSL = 0, ",
      "MASTER_USE_GTID = slave_pos",
      "MASTER_USE_GTID = no, MASTER_LOG_FILE = '%s', MASTER_LOG_POS = 4",
      "SLAVE",
      "Master",
      "rpl_semi_sync_master",
      "rpl_semi_sync_slave",
      List.of(),
      List.of());

  private final String change;
  private final String byGtid;
  private final String byPosition;
  private final String replica;
  private final String source;
  private final String semiSyncSource;
  private final String semiSyncReplica;
  private final List<String> sourcePlugins;
  private final List<String> replicaPlugins;

  ReplicationTerms(
      String change,
      String byGtid,
      String byPosition,
      String replica,
      String source,
      String semiSyncSource,
      String semiSyncReplica,
      List<String> sourcePlugins,
      List<String> replicaPlugins) {
    this.change = change;
    this.byGtid = byGtid;
    this.byPosition = byPosition;
    this.replica = replica;
    this.source = source;
    this.semiSyncSource = semiSyncSource;
    this.semiSyncReplica = semiSyncReplica;
    this.sourcePlugins = sourcePlugins;
    this.replicaPlugins = replicaPlugins;
  }

  static ReplicationTerms of(Product product) {
    return product == Product.MYSQL ? MYSQL : MARIADB;
  }

  /** Follow a source from its first binlog on, or from what the replica has of it. */
  String follow(int port, boolean gtids, String firstBinlog) {
    return String.format(change, port, MySqlSpec.USER, MySqlSpec.PASSWORD)
        + (gtids ? byGtid : String.format(byPosition, firstBinlog));
  }

  String start(String part) {
    return "START " + replica + part;
  }

  String stop(String part) {
    return "STOP " + replica + part;
  }

  String status() {
    return "SHOW " + replica + " STATUS";
  }

  /** The name of a column of {@link #status}; {@code %s} stands for the source. */
  String column(String format) {
    return String.format(format, source);
  }

  /** The column of {@link #status} that tells whether the replica receives. */
  String receiving() {
    return replica.charAt(0) + replica.substring(1).toLowerCase(Locale.ROOT) + "_IO_Running";
  }

  String semiSyncSource() {
    return semiSyncSource;
  }

  String semiSyncReplica() {
    return semiSyncReplica;
  }

  List<String> sourcePlugins() {
    return sourcePlugins;
  }

  List<String> replicaPlugins() {
    return replicaPlugins;
  }
}

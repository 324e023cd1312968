package io.zdmosc.harness.server.mysql;

import static java.util.Objects.requireNonNull;

import io.zdmosc.cli.server.DataFolder;
import io.zdmosc.cli.server.Product;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which server to start. Immutable.
 *
 * @param release the product and its series
 * @param settings names and values of options; an empty value gives the option without a value
 */
public record MySqlSpec(MySqlRelease release, Map<String, String> settings) {

  static final String USER = DataFolder.USER;
  static final String PASSWORD = DataFolder.PASSWORD;

  /** What decides how a data folder is initialised. */
  static final String LOWER_CASE_TABLE_NAMES = "lower_case_table_names";

  private static final List<String> BINLOG =
      List.of("log_bin", "binlog_format", "binlog_row_image", "sync_binlog", "log_slave_updates");

  public MySqlSpec {
    requireNonNull(release, "release is null");
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
  }

  /** Not an option of the server's. */
  private static final String KEYRING = "keyring";

  /** For tests: a full row-based binlog, GTIDs, and nothing waits for the disk. */
  public static MySqlSpec of(MySqlRelease release) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("server_id", "1");
    settings.put("log_bin", "binlog");
    settings.put("binlog_format", "ROW");
    settings.put("binlog_row_image", "FULL");
    settings.put("sync_binlog", "0");
    settings.put("innodb_flush_log_at_trx_commit", "2");
    settings.put("innodb_flush_method", "nosync");
    settings.put("innodb_buffer_pool_size", "128M");
    settings.put("max_connections", "200");
    settings.put("skip_name_resolve", "");
    settings.put("secure_file_priv", "");
    if (release.product() == Product.MYSQL) {
      settings.put("gtid_mode", "ON");
      settings.put("enforce_gtid_consistency", "ON");
      settings.put("mysqlx", "OFF");
    } else {
      settings.put("log_slave_updates", "ON");
      settings.put("ssl", "OFF");
    }
    return new MySqlSpec(release, settings);
  }

  /** Adds a setting; it wins over the one that is there. */
  public MySqlSpec with(String name, String value) {
    Map<String, String> all = new LinkedHashMap<>(settings);
    all.put(name, value);
    return new MySqlSpec(release, all);
  }

  /** For benchmarks: every commit reaches the disk, as in production. */
  public MySqlSpec withFsync() {
    return with("sync_binlog", "1")
        .with("innodb_flush_log_at_trx_commit", "1")
        .with("innodb_flush_method", "O_DIRECT");
  }

  /**
   * Connections may be encrypted, with a certificate that nobody trusts yet. MySQL has one since
   * its data folder was made; an embedded MariaDB gets one, and one in a container makes its own.
   */
  public MySqlSpec withTls() {
    return release.product() == Product.MYSQL ? this : with("ssl", "ON");
  }

  /** MySQL's transactions have no GTIDs; MariaDB's always have. */
  public MySqlSpec withoutGtids() {
    return release.product() == Product.MARIADB
        ? this
        : with("gtid_mode", "OFF").with("enforce_gtid_consistency", "OFF");
  }

  public MySqlSpec withoutBinlog() {
    Map<String, String> all = new LinkedHashMap<>(settings);
    all.keySet().removeAll(BINLOG);
    all.put("skip_log_bin", "");
    MySqlSpec spec = new MySqlSpec(release, all);
    return spec.withoutGtids();
  }

  /** Transactions (MySQL) or long events (MariaDB) are compressed in the binlog. */
  public MySqlSpec withCompressedBinlog() {
    return release.product() == Product.MYSQL
        ? with("binlog_transaction_compression", "ON")
        : with("log_bin_compress", "ON").with("log_bin_compress_min_len", "10");
  }

  /** Tables can be encrypted; where {@link Keyring#isThere}, and without Docker. */
  public MySqlSpec withKeyring() {
    return with(KEYRING, "");
  }

  boolean hasKeyring() {
    return settings.containsKey(KEYRING);
  }

  /** The settings as arguments of the server's program. */
  List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    settings.forEach(
        (name, value) -> {
          if (!name.equals(KEYRING)) {
            arguments.add(
                value.isEmpty() && !name.equals("secure_file_priv")
                    ? "--" + name
                    : "--" + name + "=" + value);
          }
        });
    return arguments;
  }
}

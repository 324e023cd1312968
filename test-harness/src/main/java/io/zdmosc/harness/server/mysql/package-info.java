/**
 * Real MySQL and MariaDB servers for tests and benchmarks.
 *
 * <p>Without Docker there is one release of each: MySQL from Debian's packages, or the one that
 * {@code ZDM_OSC_MYSQLD} or the PATH names, and MariaDB from an archive that the build fetched.
 * Programs are unpacked, and data folders initialised, once per user of the machine. With Docker,
 * the official images add the other supported releases. The binlog is on, row-based and full, with
 * GTIDs; what a test wants else it says in its {@link io.zdmosc.harness.server.mysql.MySqlSpec}.
 */
package io.zdmosc.harness.server.mysql;

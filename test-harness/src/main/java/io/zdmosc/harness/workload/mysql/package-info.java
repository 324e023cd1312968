/** The tables, changes and SQL of the workload for MySQL and MariaDB. */
package io.zdmosc.harness.workload.mysql;

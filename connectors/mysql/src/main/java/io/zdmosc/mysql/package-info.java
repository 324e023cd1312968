/** The connector for MySQL and MariaDB. */
package io.zdmosc.mysql;

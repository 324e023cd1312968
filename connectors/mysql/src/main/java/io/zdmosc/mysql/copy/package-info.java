/** The chunks of the copy on MySQL and MariaDB: plain INSERT ... SELECT by key ranges. */
package io.zdmosc.mysql.copy;

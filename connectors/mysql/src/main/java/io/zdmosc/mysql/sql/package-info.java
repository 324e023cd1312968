/** Sessions, quoting, and the SQL that several parts share. */
package io.zdmosc.mysql.sql;

/**
 * Comparison of source and shadow on MySQL and MariaDB, by the server itself.
 *
 * <p>Rows are joined by key and compared value by value, byte by byte, in one statement and so in
 * one read view: there is no checksum that could be blind to a difference. Where the change
 * converts values, the server first converts the source's rows into a temporary table of the
 * shadow's types, by the same assignment that the copy makes, and these are compared.
 */
package io.zdmosc.mysql.verify;

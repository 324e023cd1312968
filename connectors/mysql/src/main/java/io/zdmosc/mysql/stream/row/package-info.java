/**
 * Takes keys out of row events. Only the key columns of the source table are decoded; all other
 * columns are measured and skipped.
 */
package io.zdmosc.mysql.stream.row;

/**
 * Foreign keys of the table and to it.
 *
 * <p>While rows are copied the shadow has none. Under the cut-over's lock it gets its own, and the
 * keys of other tables are given a second one to the shadow; then the names are exchanged, and what
 * belongs to the retired table goes. Between two of these statements every key refuses more than it
 * should, and never less: a process that dies there leaves refused writes, no orphan and no lost
 * row.
 */
package io.zdmosc.mysql.foreignkey;

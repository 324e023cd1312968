/**
 * What others have that refers to the table by its oid: views, and what hangs on them.
 *
 * <p>The server binds a view to its tables when it is made, so after the names have been exchanged
 * it would go on reading the retired table. It is given its definition anew in the swap's
 * transaction, and by then the same names mean the new table.
 */
package io.zdmosc.postgres.owned.dependent;

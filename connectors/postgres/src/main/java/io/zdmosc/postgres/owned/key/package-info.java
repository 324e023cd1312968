/** Foreign keys of other tables that refer to the table. */
package io.zdmosc.postgres.owned.key;

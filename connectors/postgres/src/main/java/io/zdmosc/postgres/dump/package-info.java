/** The retired table as SQL. */
package io.zdmosc.postgres.dump;

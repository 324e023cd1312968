/** The retired table as SQL. */
package io.zdmosc.mysql.dump;

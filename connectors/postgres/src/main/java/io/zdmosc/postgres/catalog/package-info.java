/** What the server's catalog says about a table, read with an empty search path. */
package io.zdmosc.postgres.catalog;

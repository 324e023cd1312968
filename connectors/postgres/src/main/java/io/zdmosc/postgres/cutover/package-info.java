/** The cut-over on PostgreSQL: everything is one transaction. */
package io.zdmosc.postgres.cutover;

/**
 * The flush on PostgreSQL: delete and insert by key in one snapshot that sees every settled commit.
 */
package io.zdmosc.postgres.flush;

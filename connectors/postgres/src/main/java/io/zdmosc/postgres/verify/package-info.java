/** Counts and checksums on PostgreSQL, computed by the server. */
package io.zdmosc.postgres.verify;

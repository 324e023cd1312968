/** The connector for PostgreSQL 14 and newer. */
package io.zdmosc.postgres;

/** The chunks of the copy on PostgreSQL: plain INSERT ... SELECT by key ranges. */
package io.zdmosc.postgres.copy;

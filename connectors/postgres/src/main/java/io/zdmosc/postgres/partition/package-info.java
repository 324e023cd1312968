/** How a table is cut into partitions. */
package io.zdmosc.postgres.partition;

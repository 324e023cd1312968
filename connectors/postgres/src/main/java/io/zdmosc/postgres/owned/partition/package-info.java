/** A partition changes hands: it leaves its table, and the new one takes its place. */
package io.zdmosc.postgres.owned.partition;

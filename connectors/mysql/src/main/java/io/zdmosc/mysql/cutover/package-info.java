/**
 * The cut-over on MySQL and MariaDB.
 *
 * <p>MySQL renames under {@code LOCK TABLES}: one connection locks source and shadow, flushes the
 * rest and exchanges the names ({@link io.zdmosc.mysql.cutover.LockedRename}). MariaDB does not
 * allow that, so there a second connection's RENAME is made to queue behind the lock ({@link
 * io.zdmosc.mysql.cutover.QueuedRename}).
 */
package io.zdmosc.mysql.cutover;

/**
 * The flush on MySQL and MariaDB, in READ COMMITTED, where the server reads the source without
 * locks in an INSERT ... SELECT, and always its newest committed state.
 *
 * <p>A commit is in the binary log before the storage engine has made it visible; under lossless
 * semi-synchronous replication a replica's acknowledgement lies between the two. How the flush
 * knows that a commit is visible, without locking the application's rows, is in {@link
 * io.zdmosc.mysql.flush.SettlementReader}.
 */
package io.zdmosc.mysql.flush;

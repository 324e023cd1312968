/**
 * The change stream's way into the shadow table: the delta of changed keys, the listener that fills
 * it, and the loop that flushes it.
 *
 * <p>The stream says only <em>that</em> a key changed; the flush reads the live row on the server.
 * Two things make that safe. A flush reads only commits that are settled, that is, visible to new
 * snapshots: a change can leave the log while its commit is still invisible, and a read in that gap
 * would see the old row and lose the change for good. And a key that the copy has not reached may
 * be dropped only once its commit is settled, since only then will the later chunk see it.
 */
package io.zdmosc.engine.stream;

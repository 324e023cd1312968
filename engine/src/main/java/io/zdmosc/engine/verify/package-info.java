/**
 * Proves that source and shadow hold the same rows, without a lock.
 *
 * <p>Ranges are compared by count and checksum, both sides in one snapshot; where they differ, row
 * by row; keys that differ are looked at again after the stream has passed, since a change may
 * still have been on its way. A key that differs although no change of it was on its way is
 * divergence.
 */
package io.zdmosc.engine.verify;

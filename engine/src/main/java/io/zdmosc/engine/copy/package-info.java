/**
 * The copy: what has been handed out (the frontier), how large a chunk is, and the workers that
 * carry chunks over.
 *
 * <p>Copier and flush never touch the same key: a key beyond the frontier is left to its chunk, a
 * key in flight waits for its chunk's commit, a copied key belongs to the flush alone. So a chunk
 * is a plain {@code INSERT ... SELECT}, and a duplicate in it is an error and never ignored.
 */
package io.zdmosc.engine.copy;

/**
 * Migrations that are kept for later, and the daemon that carries them out one after another.
 *
 * <p>That none is done twice does not rest on the daemon's memory nor on the lease of an entry: a
 * migration is registered together with the number of its entry, and the control schema holds no
 * two of one number. Whoever finds an entry begun looks at its migration, and goes on with that.
 */
package io.zdmosc.engine.schedule;

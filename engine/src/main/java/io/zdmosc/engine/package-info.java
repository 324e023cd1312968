/**
 * The engine: the protocol that carries a live table into a new shape, without a driver and without
 * a SQL dialect. What a database must provide is in {@link io.zdmosc.engine.spi}; the phases of a
 * migration are in the packages named after them.
 */
package io.zdmosc.engine;

/**
 * What a database must provide so that the engine can change a table of it. Positions, transactions
 * and keys are opaque here: the engine orders and remembers them, only the connector reads them.
 */
package io.zdmosc.engine.spi;

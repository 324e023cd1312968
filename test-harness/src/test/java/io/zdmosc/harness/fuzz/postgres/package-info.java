/**
 * Random tables, random changes and random writes: what a migration makes of a table is compared
 * with what the server's own ALTER TABLE makes of a twin that had the same writes.
 */
package io.zdmosc.harness.fuzz.postgres;

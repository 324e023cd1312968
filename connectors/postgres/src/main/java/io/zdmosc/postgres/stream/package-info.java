/**
 * The change stream over logical replication.
 *
 * <p>A publication of the source table alone, with the identity's columns only where the server can
 * do that, and a slot created after it: the server decodes against the catalog of the slot's start,
 * so a publication made later would not be found.
 */
package io.zdmosc.postgres.stream;

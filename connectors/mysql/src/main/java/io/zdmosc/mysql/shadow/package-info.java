/**
 * The shadow table: how it is derived from the source by the server itself, and how each of its
 * columns comes about.
 *
 * <p>The source's own CREATE TABLE statement, run in the control schema, makes an empty table on
 * which the user's clause is tried; the server's CREATE TABLE statement of what came out is what
 * the shadow is made of. So nothing is lost that the server knows, and nothing here has to
 * understand types, expressions or defaults.
 */
package io.zdmosc.mysql.shadow;

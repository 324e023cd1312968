/**
 * The shadow table: how it is derived from the source by the server itself, and how each of its
 * columns comes about.
 *
 * <p>The source's definition is built anew, empty, in a schema of its own, with constraints and
 * indexes under their own names, so that the user's clause can refer to them. The server runs the
 * clause on it; then the catalog says what came out. The server is the parser: nothing here has to
 * understand types, expressions or defaults.
 */
package io.zdmosc.postgres.shadow;

/**
 * The lifecycle of a migration: one sequence of phases for every database. Each state is durable
 * before its effects are relied on, and every way out leaves nothing behind.
 */
package io.zdmosc.engine.lifecycle;

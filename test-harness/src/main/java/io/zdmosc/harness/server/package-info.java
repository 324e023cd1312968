/**
 * Real PostgreSQL servers for tests and benchmarks.
 *
 * <p>Majors 14 to 18 run as child processes from binaries that the build fetched, or as containers
 * where Docker is at hand. Each test takes a database of its own from a server that all tests of
 * the JVM share ({@link io.zdmosc.harness.server.SharedServers}); a test that stops, kills or
 * reconfigures a server starts its own.
 */
package io.zdmosc.harness.server;

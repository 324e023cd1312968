/**
 * Programs of database servers: found or fetched, and given a data folder. For the demo, and for
 * tests.
 */
package io.zdmosc.cli.server;

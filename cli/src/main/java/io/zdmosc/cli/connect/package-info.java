/**
 * How the tool finds its way into a database: URL, user, password, and the environment's defaults.
 */
package io.zdmosc.cli.connect;

/**
 * Asks a server for its binary log, over a connection of the ordinary driver: so the log is read
 * with the same address, login and encryption as everything else.
 */
package io.zdmosc.mysql.stream.wire;

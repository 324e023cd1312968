/**
 * Random tables and random changes on MySQL and MariaDB: what a migration makes of a table against
 * what the server makes of its twin.
 */
package io.zdmosc.harness.fuzz.mysql;

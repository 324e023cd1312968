/** What the server says about a table: its information schema, and its CREATE TABLE statement. */
package io.zdmosc.mysql.catalog;

/**
 * What the server knows about the values of a table, where somebody has told it to gather that:
 * histograms on MySQL, persistent statistics on MariaDB. SHOW CREATE TABLE says nothing of them.
 */
package io.zdmosc.mysql.statistics;

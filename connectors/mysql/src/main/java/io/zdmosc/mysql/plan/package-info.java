/** What is asked of the server and the table before anything is touched. */
package io.zdmosc.mysql.plan;

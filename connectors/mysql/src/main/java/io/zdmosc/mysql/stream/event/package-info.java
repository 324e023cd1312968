/** What stands in the binary log: events, and what they say. */
package io.zdmosc.mysql.stream.event;

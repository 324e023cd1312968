/** The command line: commands and their options, exit statuses, signals, logging. */
package io.zdmosc.cli;

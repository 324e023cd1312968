/** Where the values of options come from: the command line first, then the config file. */
package io.zdmosc.cli.config;

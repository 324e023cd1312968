/** A change of a live table to watch, with nothing needed but a JDK. */
package io.zdmosc.cli.demo;

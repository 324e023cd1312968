/** What the user sees: a live view, lines, or JSON; plans; errors. */
package io.zdmosc.cli.output;

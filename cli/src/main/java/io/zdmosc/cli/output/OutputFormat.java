package io.zdmosc.cli.output;

/** The form of everything on standard output. */
public enum OutputFormat {
  TEXT,
  JSON
}

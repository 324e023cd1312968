package io.zdmosc.cli.demo;

/**
 * The two shapes of the table, as the application knows them.
 *
 * @param nameColumn what the change renames
 * @param hasPlan whether the column that the change adds is there
 */
record Shape(String nameColumn, boolean hasPlan) {
  static final Shape OLD = new Shape("name", false);
  static final Shape NEW = new Shape("full_name", true);
}

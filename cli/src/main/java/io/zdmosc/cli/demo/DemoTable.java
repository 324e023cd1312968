package io.zdmosc.cli.demo;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The table that the demo changes, and what the demo does with it, in one server's SQL. */
interface DemoTable {
  String NAME = "users";

  /** The change that the demo makes. */
  String alter();

  /** Creates it with so many rows as {@link UserRow#initial} says. */
  void create(Connection connection, long rows) throws SQLException;

  /** Columns, indexes and foreign keys, for people. */
  List<String> listing(Connection connection) throws SQLException;

  /**
   * Adds a row; its id is the server's to choose. Parameters: name, email, country, balance,
   * profile, seconds since 1970.
   */
  String insert(Shape shape);

  /** Changes a row. Parameters: name, balance, profile, plan where the shape has it, id. */
  String update(Shape shape);

  /**
   * All rows of the changed table by id: id, name, email, country, cents, profile, seconds since
   * 1970, plan.
   */
  String select();

  /** How many rows to ask for at a time, in the driver's terms, so that few are in memory. */
  int fetchSize();

  /** The SQLSTATE of a statement that names a column which is not there. */
  String undefinedColumn();
}

package io.zdmosc.harness.workload.table;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * What differs between databases in the workload and its checker. Implementations are stateless.
 */
public interface SqlDialect {
  /** Returns an identifier in quotes. */
  String quote(String identifier);

  /** Returns a text as a literal for a column, or to compare with it; NULL for null. */
  String literal(Column column, String text);

  /** Returns an integer literal with a definite type, for places without a column beside them. */
  String integer(String text);

  /** Returns an INSERT of the rows; values are literals. */
  String insert(Shape shape, TableSpec table, List<String> ids, List<List<String>> values);

  /**
   * Returns an INSERT of one row that updates some columns instead if the key exists.
   *
   * @param ids the columns inserted; values are literals
   * @param updated those of them that are updated
   */
  String upsert(
      Shape shape, TableSpec table, List<String> ids, List<String> values, List<String> updated);

  /**
   * Returns how many rows the server says that an upsert has touched.
   *
   * @param existed whether the key existed
   */
  int upsertCount(boolean existed);

  /**
   * Returns an INSERT of one row that deletes every row in its way, by key or by unique value, if
   * the database has such a statement; it touches the deleted rows and the new one.
   */
  Optional<String> replace(Shape shape, TableSpec table, List<String> ids, List<String> values);

  /** Sets a parameter that is compared with a column, or assigned to it. */
  void bind(PreparedStatement statement, int index, Column column, String text) throws SQLException;

  /** Returns a value for a column of short values that are changed often, by the column's id. */
  String shortText(String id, Random random);

  /** Returns the DDL of an empty private table with the source's columns, and no constraints. */
  String createCopyOfShape(String name, TableSpec table);

  /** Returns the DDL that drops a private table, where a rollback does not. */
  Optional<String> dropPrivate(String name);

  /**
   * Returns a query for the rows in which two tables differ: the kind of difference ({@code
   * MISSING}, {@code EXTRA} or {@code DIFFERENT}), the identity's columns as text, and per compared
   * column whether it differs, the expected text and the actual text.
   */
  String differences(String expected, String actual, List<String> columns, List<String> identity);

  /** Returns the statements that make the change the database's own way. */
  List<String> nativeAlter(TableSpec table, Change change);

  /**
   * Returns a statement for the beginning of a writer's sessions, if there is one.
   *
   * @param writer the writer's number
   * @param asynchronousCommit whether commits shall return before they are on disk, where a session
   *     may have that
   */
  Optional<String> greeting(int writer, boolean asynchronousCommit);

  /** Returns the statement that takes a transaction's snapshot, and knows nothing of the table. */
  String takeSnapshot();

  /** Returns whether a unique constraint may be checked at the end of a statement. */
  boolean hasDeferrableConstraints();

  /** Returns column name to type of a table in the current schema; empty if there is none. */
  Map<String, String> columns(Connection connection, String table) throws SQLException;

  /** Returns whether an error says that the statement was made for another shape of the table. */
  boolean isShapeError(SQLException error);

  /** Returns whether an error says only that a prepared statement must be planned anew. */
  boolean isReplanning(SQLException error);

  /**
   * Returns whether an error says that the server has taken a transaction back in favour of
   * another, and which applications answer by trying again.
   */
  Optional<Conflict> conflict(SQLException error);

  /** Returns whether an error says that the connection is lost. */
  boolean isConnectionLoss(SQLException error);

  /** Creates the table in which transactions leave the proof that they were committed. */
  void createLedger(Connection connection) throws SQLException;

  /** Writes the proof into the open transaction, and returns the transaction's id. */
  String writeLedger(Connection connection, String entry) throws SQLException;

  /** Returns what became of a transaction. */
  CommitOutcome outcome(Connection connection, String entry, String transactionId)
      throws SQLException;
}

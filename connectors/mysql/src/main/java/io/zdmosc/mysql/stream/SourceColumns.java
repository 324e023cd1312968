package io.zdmosc.mysql.stream;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.mysql.key.KeyType;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.stream.row.ReadColumns;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads from the catalog what is to be read of a table's rows. */
final class SourceColumns {
  private static final String COLUMNS =
      "SELECT COLUMN_NAME, ORDINAL_POSITION, DATA_TYPE, COLUMN_TYPE, CHARACTER_SET_NAME,"
          + " CHARACTER_OCTET_LENGTH, NUMERIC_PRECISION, NUMERIC_SCALE, DATETIME_PRECISION"
          + " FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?"
          + " ORDER BY ORDINAL_POSITION";

  private static final int UUID_BYTES = 16;

  private record Column(int index, KeyType type) {}

  private SourceColumns() {}

  /** The columns to read of the source table, and of the table of our fences. */
  record Both(ReadColumns source, ReadColumns fences) {}

  /**
   * Reads the catalog once: what comes later comes out of the log as a statement.
   *
   * @throws MigrationFailedException when a column is not there
   */
  static Both read(Session session, StreamSettings settings) throws SQLException {
    boolean mariadb = session.server().mariaDb();
    Connection connection = session.connection();
    return new Both(
        read(connection, mariadb, true, settings.schema(), settings.table(), settings.keyColumns()),
        read(
            connection,
            mariadb,
            false,
            FenceWriter.SCHEMA,
            FenceWriter.TABLE,
            FenceWriter.COLUMNS));
  }

  private static ReadColumns read(
      Connection connection,
      boolean mariadb,
      boolean identify,
      String schema,
      String table,
      List<String> names)
      throws SQLException {
    Map<String, Column> columns = columns(connection, schema, table);
    List<Integer> indexes = new ArrayList<>();
    List<KeyType> types = new ArrayList<>();
    for (String name : names) {
      Column column = columns.get(name);
      if (column == null) {
        throw new MigrationFailedException(
            "Table %s.%s was changed while it was being migrated: it has no column %s any more."
                .formatted(schema, table, name),
            "The source table is as that change left it.",
            "Run the migration again.");
      }
      indexes.add(column.index());
      types.add(column.type());
    }
    return new ReadColumns(
        schema + "." + table, names, indexes, types, identify, columns.size(), mariadb);
  }

  private static Map<String, Column> columns(Connection connection, String schema, String table)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
      statement.setString(1, schema);
      statement.setString(2, table);
      try (ResultSet rows = statement.executeQuery()) {
        Map<String, Column> columns = new HashMap<>();
        while (rows.next()) {
          columns.put(rows.getString(1), new Column(rows.getInt(2) - 1, type(rows)));
        }
        return columns;
      }
    }
  }

  private static KeyType type(ResultSet row) throws SQLException {
    String name = row.getString(3).toLowerCase(Locale.ROOT);
    KeyType.Kind kind = KeyType.kind(name);
    String charset = row.getString(5);
    long bytes = kind == KeyType.Kind.UUID ? UUID_BYTES : row.getLong(6);
    int scale = row.getString(9) == null ? row.getInt(8) : row.getInt(9);
    boolean unsigned = row.getString(4).toLowerCase(Locale.ROOT).contains("unsigned");
    return new KeyType(
        kind, name, unsigned, charset == null ? "" : charset, bytes, row.getInt(7), scale);
  }
}

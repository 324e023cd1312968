package io.zdmosc.mysql.sql;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * What of the server's {@code sql_mode} holds for our sessions.
 *
 * <p>Always strict: no value is ever cut or replaced without an error. A zero in an AUTO_INCREMENT
 * column is a zero. Modes that change how our own text is read, or how values are written as text,
 * are left out. All others, which say how expressions of the user's are evaluated, are kept.
 */
public final class SqlMode {
  private static final Set<String> CHANGE_OUR_TEXT =
      Set.of(
          "ANSI",
          "ANSI_QUOTES",
          "NO_BACKSLASH_ESCAPES",
          "PIPES_AS_CONCAT",
          "IGNORE_SPACE",
          "HIGH_NOT_PRECEDENCE",
          "REAL_AS_FLOAT",
          "PAD_CHAR_TO_FULL_LENGTH",
          "EMPTY_STRING_IS_NULL",
          "SIMULTANEOUS_ASSIGNMENT",
          "TIME_ROUND_FRACTIONAL",
          "ORACLE",
          "MSSQL",
          "DB2",
          "POSTGRESQL",
          "MAXDB",
          "MYSQL323",
          "MYSQL40",
          "NO_KEY_OPTIONS",
          "NO_TABLE_OPTIONS",
          "NO_FIELD_OPTIONS",
          "NO_DIR_IN_CREATE",
          "IGNORE_BAD_TABLE_OPTIONS",
          "TRADITIONAL");

  private static final Set<String> ALWAYS =
      Set.of(
          "STRICT_ALL_TABLES",
          "STRICT_TRANS_TABLES",
          "NO_AUTO_VALUE_ON_ZERO",
          "NO_ENGINE_SUBSTITUTION");

  private static final Set<String> STRICT_ONLY = Set.of("STRICT_ALL_TABLES", "STRICT_TRANS_TABLES");

  /** Dates that the table holds already are carried over, whatever would be taken today. */
  private static final Set<String> REFUSE_DATES = Set.of("NO_ZERO_DATE", "NO_ZERO_IN_DATE");

  private SqlMode() {}

  /**
   * For what we write ourselves.
   *
   * @param anyDate true when dates that the server would refuse are taken as they are
   */
  public static String ours(String global, boolean anyDate) {
    Set<String> modes = split(global);
    modes.removeAll(CHANGE_OUR_TEXT);
    if (anyDate) {
      modes.removeAll(REFUSE_DATES);
      modes.add("ALLOW_INVALID_DATES");
    }
    modes.addAll(ALWAYS);
    return String.join(",", modes);
  }

  /**
   * For the user's clause: as the server has it, but strict. And without the mode in which an ALTER
   * TABLE that copies the table forgets the table's own DATA DIRECTORY.
   */
  public static String users(String global) {
    Set<String> modes = split(global);
    modes.remove("NO_DIR_IN_CREATE");
    modes.addAll(STRICT_ONLY);
    return String.join(",", modes);
  }

  private static Set<String> split(String modes) {
    Set<String> set = new LinkedHashSet<>();
    Arrays.stream(modes.toUpperCase(Locale.ROOT).split(","))
        .map(String::strip)
        .filter(mode -> !mode.isEmpty())
        .forEach(set::add);
    return set;
  }
}

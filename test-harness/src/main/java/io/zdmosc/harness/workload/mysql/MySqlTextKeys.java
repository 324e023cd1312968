package io.zdmosc.harness.workload.mysql;

import static io.zdmosc.harness.workload.table.KeyNumbers.extremesThen;
import static io.zdmosc.harness.workload.table.KeyNumbers.scatter;

import io.zdmosc.harness.workload.table.KeyColumn;
import io.zdmosc.harness.workload.table.KeyKind;
import io.zdmosc.harness.workload.table.KeyTexts;
import java.util.List;
import java.util.Locale;

/** Keys of characters, in several character sets and collations. */
public final class MySqlTextKeys {
  /** Neither letter case nor accents count; trailing blanks do. */
  public static final KeyKind AI_CI_0900 =
      KeyKind.named(
              "varchar_0900_ai_ci",
              MySqlTextKeys::caseless,
              KeyColumn.of("code", "varchar(60) COLLATE utf8mb4_0900_ai_ci"))
          .variants(3)
          .build();

  /** Neither letter case nor accents nor trailing blanks count. */
  public static final KeyKind AI_CI_1400 =
      KeyKind.named(
              "varchar_uca1400_ai_ci",
              (slot, variant) ->
                  List.of(caseless(slot, variant).get(0) + (variant == 2 ? "  " : "")),
              KeyColumn.of("code", "varchar(60) COLLATE utf8mb4_uca1400_ai_ci"))
          .variants(3)
          .build();

  /** Trailing blanks do not count, and everything else does. */
  public static final KeyKind UTF8MB4_BIN =
      KeyKind.named(
              "varchar_utf8mb4_bin",
              (slot, variant) -> List.of(hostile().of(slot, 0).get(0) + (variant == 1 ? "  " : "")),
              KeyColumn.of("code", "varchar(400) COLLATE utf8mb4_bin"))
          .variants(2)
          .build();

  public static final KeyKind GENERAL_CI =
      KeyKind.named(
              "varchar_general_ci",
              (slot, variant) ->
                  List.of(
                      new String[] {"Key-", "KEY-", "kéy-"}[variant]
                          + Long.toString(scatter(slot, 40), 36)
                          + (variant == 1 ? " " : "")),
              KeyColumn.of("code", "varchar(191) COLLATE utf8mb4_general_ci"))
          .variants(3)
          .build();

  public static final KeyKind LATIN1 =
      KeyKind.named(
              "varchar_latin1",
              (slot, variant) -> List.of(new String[] {"Straße ", "STRAßE "}[variant] + slot),
              KeyColumn.of("code", "varchar(40) CHARACTER SET latin1 COLLATE latin1_swedish_ci"))
          .variants(2)
          .build();

  /** Trailing blanks are no part of the value: the second spelling is stored like the first. */
  public static final KeyKind CHAR_12 =
      KeyKind.named(
              "char_12",
              (slot, variant) ->
                  List.of((slot == 0 ? "" : " k" + slot) + (variant == 1 ? "  " : "")),
              KeyColumn.of("code", "char(12) CHARACTER SET ascii COLLATE ascii_bin"))
          .variants(2)
          .build();

  /** Not the primary key of the table, but a unique index over a NOT NULL column. */
  public static final KeyKind UNIQUE_INDEX_ONLY =
      KeyKind.named(
              "unique_index_only",
              (slot, variant) -> List.of("k'\\\"-" + slot),
              KeyColumn.of("code", "varchar(80) COLLATE utf8mb4_bin"))
          .withoutPrimaryKey()
          .build();

  /** The words' order is not that of their letters. */
  public static final KeyKind ENUM_INT =
      KeyKind.named(
              "enum_int",
              (slot, variant) ->
                  List.of(List.of("low", "high", "it's").get((int) (slot % 3)), "" + slot / 3),
              KeyColumn.of("level", "enum('low','high','it''s')"),
              KeyColumn.of("id", "int"))
          .build();

  public static final KeyKind SET_INT =
      KeyKind.named(
              "set_int",
              (slot, variant) ->
                  List.of(
                      List.of("", "b", "a", "b,a", "c").get((int) (slot % 5)),
                      Long.toString(slot / 5)),
              KeyColumn.of("tags_key", "set('b','a','c')"),
              KeyColumn.of("id", "int"))
          .build();

  /** The index runs up in one column and down in the other. */
  public static final KeyKind MIXED_DIRECTIONS =
      KeyKind.named(
              "mixed_directions",
              (slot, variant) ->
                  List.of(Long.toString(slot % 13 - 6), (variant == 1 ? "B" : "b") + slot / 13),
              KeyColumn.of("a", "int"),
              new KeyColumn("b", "varchar(20) COLLATE utf8mb4_general_ci", "NOT NULL", "DESC"))
          .variants(2)
          .build();

  public static final List<KeyKind> ALL =
      List.of(
          UTF8MB4_BIN,
          GENERAL_CI,
          LATIN1,
          CHAR_12,
          UNIQUE_INDEX_ONLY,
          ENUM_INT,
          SET_INT,
          MIXED_DIRECTIONS);

  private MySqlTextKeys() {}

  private static KeyTexts hostile() {
    List<String> extremes =
        List.of(
            "",
            "a",
            "A",
            "ä",
            "a\u0308",
            "\\",
            "\\0",
            "'",
            "''",
            "\"",
            "\t",
            "\n",
            "😀",
            "null",
            "NULL",
            "a,b",
            "(a)",
            "%_",
            "`",
            "{x}",
            "?",
            "\u00a0",
            "ß",
            "x".repeat(300));
    String[] prefixes = {"key-", "KEY-", "ключ ", "k'ey\\", "é-", "Key "};
    return extremesThen(
        extremes,
        slot -> prefixes[(int) (slot % prefixes.length)] + Long.toString(scatter(slot, 44), 36));
  }

  private static List<String> caseless(long slot, int variant) {
    String text = "äpfel-" + slot;
    return switch (variant) {
      case 1 -> List.of(text.toUpperCase(Locale.ROOT));
      case 2 -> List.of("a\u0308PFEL-" + slot);
      default -> List.of(text);
    };
  }
}

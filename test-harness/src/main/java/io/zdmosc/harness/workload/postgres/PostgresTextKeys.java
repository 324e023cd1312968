package io.zdmosc.harness.workload.postgres;

import static io.zdmosc.harness.workload.table.KeyNumbers.extremesThen;
import static io.zdmosc.harness.workload.table.KeyNumbers.scatter;

import io.zdmosc.harness.workload.table.KeyColumn;
import io.zdmosc.harness.workload.table.KeyKind;
import io.zdmosc.harness.workload.table.KeyTexts;
import java.util.List;
import java.util.Locale;

/** Keys of text, whose order and equality are the server's. */
public final class PostgresTextKeys {
  private static final String HAS_ICU =
      "SELECT 1 FROM pg_collation WHERE collname = 'en-x-icu' LIMIT 1";

  public static final KeyKind TEXT =
      KeyKind.named("text", hostile(), KeyColumn.of("code", "text")).build();

  public static final KeyKind TEXT_C =
      KeyKind.named("text_c", hostile(), KeyColumn.of("code", "text COLLATE \"C\"")).build();

  public static final KeyKind TEXT_EN =
      KeyKind.named("text_en", hostile(), KeyColumn.of("code", "text COLLATE \"en-x-icu\""))
          .requiring(HAS_ICU)
          .build();

  /** Case and canonically equivalent spellings do not matter: one key, several texts. */
  public static final KeyKind TEXT_NONDETERMINISTIC =
      KeyKind.named(
              "text_nondeterministic",
              PostgresTextKeys::caseless,
              KeyColumn.of("code", "text COLLATE caseless"))
          .variants(3)
          .setup(
              "CREATE COLLATION IF NOT EXISTS caseless"
                  + " (provider = icu, locale = 'und-u-ks-level2', deterministic = false)")
          .requiring(HAS_ICU)
          .build();

  public static final KeyKind CITEXT =
      KeyKind.named("citext", PostgresTextKeys::ascii, KeyColumn.of("code", "citext"))
          .variants(2)
          .setup("CREATE EXTENSION IF NOT EXISTS citext")
          .requiring("SELECT 1 FROM pg_available_extensions WHERE name = 'citext'")
          .build();

  public static final KeyKind VARCHAR_10 =
      KeyKind.named(
              "varchar_10",
              extremesThen(
                  List.of("", " ", "          ", "Ünïcødé😀"),
                  slot -> Long.toString(scatter(slot, 40), 36)),
              KeyColumn.of("code", "varchar(10)"))
          .build();

  /** Trailing blanks are no part of the value: the second spelling is stored like the first. */
  public static final KeyKind CHAR_12 =
      KeyKind.named(
              "char_12",
              (slot, variant) ->
                  List.of((slot == 0 ? "" : " k" + slot) + (variant == 1 ? "  " : "")),
              KeyColumn.of("code", "char(12)"))
          .variants(2)
          .build();

  /** Not the primary key of the table, but a unique index over a NOT NULL column. */
  public static final KeyKind UNIQUE_INDEX_ONLY =
      KeyKind.named("unique_index_only", hostile(), KeyColumn.of("code", "text"))
          .withoutPrimaryKey()
          .build();

  public static final List<KeyKind> ALL =
      List.of(
          TEXT,
          TEXT_C,
          TEXT_EN,
          TEXT_NONDETERMINISTIC,
          CITEXT,
          VARCHAR_10,
          CHAR_12,
          UNIQUE_INDEX_ONLY);

  private PostgresTextKeys() {}

  private static KeyTexts hostile() {
    List<String> extremes =
        List.of(
            "",
            " ",
            "  ",
            "a",
            "A",
            "a ",
            "ä",
            "a\u0308",
            "\\",
            "\\x00",
            "'",
            "''",
            "\"",
            "\n",
            "\t",
            "😀",
            "null",
            "NULL",
            "a,b",
            "(a)",
            "%_",
            "$1",
            "{x}",
            "?",
            "\u00a0",
            "ß",
            "x".repeat(900));
    String[] prefixes = {"key-", "KEY-", "ключ ", "k\"ey'", "é-", "Key "};
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

  private static List<String> ascii(long slot, int variant) {
    String text = "Item-" + Long.toString(slot, 36);
    return List.of(variant == 1 ? text.toUpperCase(Locale.ROOT) : text);
  }
}

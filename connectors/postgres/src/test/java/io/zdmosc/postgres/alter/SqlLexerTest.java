package io.zdmosc.postgres.alter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.error.RefusedException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SqlLexerTest {

  @Test
  void tellsKindsAndPositions() {
    String sql = "Ab1$ \"C\" 'd' $$e$$ 1.5 $1 <= ( ] , ; . \\";
    List<SqlToken> tokens = SqlLexer.tokens(sql);
    assertThat(tokens)
        .extracting(SqlToken::kind)
        .containsExactly(
            SqlToken.Kind.IDENTIFIER,
            SqlToken.Kind.QUOTED_IDENTIFIER,
            SqlToken.Kind.STRING,
            SqlToken.Kind.DOLLAR_STRING,
            SqlToken.Kind.NUMBER,
            SqlToken.Kind.PARAMETER,
            SqlToken.Kind.OPERATOR,
            SqlToken.Kind.OPEN,
            SqlToken.Kind.CLOSE,
            SqlToken.Kind.COMMA,
            SqlToken.Kind.SEMICOLON,
            SqlToken.Kind.DOT,
            SqlToken.Kind.OTHER);
    assertThat(written(sql))
        .containsExactly(
            "Ab1$", "\"C\"", "'d'", "$$e$$", "1.5", "$1", "<=", "(", "]", ",", ";", ".", "\\");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'a,b'",
        "'it''s, mine'",
        "'back\\'",
        "E'back\\'s, '",
        "e'\\\\'",
        "B'01'",
        "x'1F'",
        "U&'d\\0061t'",
        "u&'it''s'",
        "$$a'b,\"c$$",
        "$tag$ $$ $Tag$ ; $tag$",
        "$\u00e9$;$\u00e9$",
        "'a'\n'b,'",
        "'a' -- why, 'not'\n  'b'",
        "E'a'\n  -- c\n 'b\\', c'",
        "\"a\"\"b\"",
        "\",\"\")\"",
        "U&\"d\\0061t\"",
        "U&\"d!0061t\" UESCAPE '!'",
        "U&\"d!0061t\" /* , */ uescape\n'!'",
        "a$b$c",
        "\u00a0na\u00efve",
        "1e-5",
        ".5",
        "0x1F_FF",
        "1_000.5e+10",
        "<->",
        "?|"
      })
  void isOneToken(String token) {
    assertThat(written(token)).containsExactly(token);
    assertThat(written("(" + token + ",x)")).containsExactly("(", token, ",", "x", ")");
  }

  @Test
  void aLiteralIsOnlyContinuedOnAnotherLine() {
    assertThat(written("'a' 'b'")).containsExactly("'a'", "'b'");
    assertThat(written("'a' /*\n*/ 'b'")).containsExactly("'a'", "'b'");
    assertThat(written("n'a'")).containsExactly("n", "'a'");
  }

  @Test
  void commentsAreSkippedWhereverTheyBegin() {
    assertThat(written("a -- 'x\nb /* ' /* \" */ $$ */ c--d")).containsExactly("a", "b", "c");
    assertThat(written("1+--2\n3")).containsExactly("1", "+", "3");
    assertThat(written("1+/*2*/3")).containsExactly("1", "+", "3");
    assertThat(written("a\r--b\rc")).containsExactly("a", "c");
    assertThat(written("/* only */ -- comments")).isEmpty();
  }

  @Test
  void lettersGluedToANumberAreTokensOfTheirOwn() {
    assertThat(written("1references 1..2 0xg 1e 5."))
        .containsExactly("1", "references", "1", ".", ".2", "0", "xg", "1", "e", "5.");
  }

  @Test
  void namesAreThoseTheServerStores() {
    assertThat(texts("ABC \"ABC\" \u00c4B \"a\"\"b\" U&\"d\\0061t\\+01F600\" U&\"\\\\\""))
        .containsExactly("abc", "ABC", "\u00c4b", "a\"b", "dat\ud83d\ude00", "\\");
    assertThat(texts("U&\"d!0061t!!\\\" UESCAPE '!'")).containsExactly("dat!\\");
    assertThat(texts("U&\"\\D83D\\DE00\"")).containsExactly("\ud83d\ude00");
    assertThat(texts("U&\"a\" uescapes")).containsExactly("a", "uescapes");
    assertThat(texts("U & \"a\"")).containsExactly("u", "&", "a");
  }

  @Test
  void longNamesAreCutAtTheBoundaryOfACharacter() {
    assertThat(texts("A".repeat(64))).containsExactly("a".repeat(63));
    assertThat(texts("\"" + "A".repeat(63) + "\"")).containsExactly("A".repeat(63));
    assertThat(texts("x" + "\u00e4".repeat(31))).containsExactly("x" + "\u00e4".repeat(31));
    assertThat(texts("\u00e4".repeat(32))).containsExactly("\u00e4".repeat(31));
    assertThat(texts("\u20ac".repeat(22))).containsExactly("\u20ac".repeat(21));
    assertThat(texts("\"" + "\ud83d\ude00".repeat(16) + "\""))
        .containsExactly("\ud83d\ude00".repeat(15));
    assertThat(texts("U&\"" + "\\0061".repeat(64) + "\"")).containsExactly("a".repeat(63));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u00e4\ud83d\ude00 'abc",
        "\u00e4\ud83d\ude00 'abc''",
        "\u00e4\ud83d\ude00 E'abc\\'",
        "\u00e4\ud83d\ude00 E'abc\\",
        "\u00e4\ud83d\ude00 'a'\n'b",
        "\u00e4\ud83d\ude00 \"abc",
        "\u00e4\ud83d\ude00 U&\"abc",
        "\u00e4\ud83d\ude00 $$abc$",
        "\u00e4\ud83d\ude00 $a$abc$A$",
        "\u00e4\ud83d\ude00 /* /* */",
      })
  void whatIsNeverClosedIsRefusedWithItsPosition(String sql) {
    assertThatThrownBy(() -> SqlLexer.tokens(sql))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("at character 4 is never closed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\"",
        "U&\"\"",
        "U&\"\\00\"",
        "U&\"\\00zz\"",
        "U&\"\\0000\"",
        "U&\"\\+110000\"",
        "U&\"\\D83D\"",
        "U&\"\\D83Da\"",
        "U&\"\\DE00\"",
        "U&\"a\" UESCAPE '+'",
        "U&\"a\" UESCAPE 'ab'",
        "U&\"a\" UESCAPE E'!'",
        "U&\"a\" UESCAPE",
        "\0"
      })
  void whatTheServerTakesForNoNameIsRefusedWithItsPosition(String name) {
    assertThatThrownBy(() -> SqlLexer.tokens("  " + name))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("at character 3 ");
  }

  private static List<String> written(String sql) {
    return SqlLexer.tokens(sql).stream().map(t -> sql.substring(t.start(), t.end())).toList();
  }

  private static List<String> texts(String sql) {
    return SqlLexer.tokens(sql).stream().map(SqlToken::text).toList();
  }
}

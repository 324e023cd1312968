package io.zdmosc.mysql.alter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.error.RefusedException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlLexerTest {
  @Test
  void findsTheSeparatorsAndNothingInQuotes() {
    assertThat(kinds("ADD `a,b` SET('x,(y', \"z;\"), DROP c.d;", ""))
        .containsExactly(
            "WORD ADD",
            "NAME a,b",
            "WORD SET",
            "OPEN (",
            "STRING 'x,(y'",
            "COMMA ,",
            "STRING \"z;\"",
            "CLOSE )",
            "COMMA ,",
            "WORD DROP",
            "WORD c",
            "DOT .",
            "WORD d",
            "SEMICOLON ;");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "STRICT_ALL_TABLES | STRING \"a\"",
        "ANSI_QUOTES | NAME a",
        "ansi_quotes | NAME a",
        "REAL_AS_FLOAT,ANSI_QUOTES,ANSI | NAME a"
      })
  void readsDoubleQuotesAsTheServerDoes(String mode, String token) {
    assertThat(kinds("\"a\"", mode)).containsExactly(token);
  }

  @Test
  void readsBackslashesAsTheServerDoes() {
    assertThat(kinds("'a\\', b', c", "")).containsExactly("STRING 'a\\', b'", "COMMA ,", "WORD c");
    assertThat(kinds("'a\\', b", "NO_BACKSLASH_ESCAPES"))
        .containsExactly("STRING 'a\\'", "COMMA ,", "WORD b");
    assertThat(kinds("`a\\`, b", "")).containsExactly("NAME a\\", "COMMA ,", "WORD b");
    assertThat(kinds("\"a\\\", b", "ANSI_QUOTES")).containsExactly("NAME a\\", "COMMA ,", "WORD b");
  }

  @Test
  void endsACommentOfCodeWhereTheServerDoes() {
    assertThat(kinds("/*!50100 COMMENT = '*/' `*/` */ a", ""))
        .containsExactly("VERSIONED /*!50100 COMMENT = '*/' `*/` */", "WORD a");
    assertThat(kinds("/*!99999 don't */ a", ""))
        .containsExactly("VERSIONED /*!99999 don't */", "WORD a");
    assertThat(kinds("/* don't */ a", "")).containsExactly("WORD a");
  }

  @Test
  void readsDoubledQuotes() {
    assertThat(kinds("`a``b` 'it''s' \"x\"\"y\"", "ANSI_QUOTES"))
        .containsExactly("NAME a`b", "STRING 'it''s'", "NAME x\"y");
    assertThat(kinds("''", "")).containsExactly("STRING ''");
  }

  @Test
  void skipsComments() {
    assertThat(kinds("a # , '\n b -- , (\n c /* ; ' */ d --", "").stream().toList())
        .containsExactly("WORD a", "WORD b", "WORD c", "WORD d");
  }

  /** To the server, two dashes are two operators unless a blank follows. */
  @Test
  void takesDashesForACommentOnlyBeforeABlank() {
    assertThat(kinds("1--1", "")).containsExactly("WORD 1", "OTHER -", "OTHER -", "WORD 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/*! , x */", "/*!50100 PARTITION */", "/*M! x */", "/*M!100100 x */"})
  void keepsCommentsThatTheServerRunsInOnePiece(String comment) {
    assertThat(kinds("a " + comment + " b", ""))
        .containsExactly("WORD a", "VERSIONED " + comment, "WORD b");
  }

  @Test
  void tellsWhereTokensStand() {
    SqlToken token = SqlLexer.tokens("/* x */ `ä``b` c", "").get(0);

    assertThat(token.start()).isEqualTo(8);
    assertThat(token.end()).isEqualTo(14);
    assertThat(token.text()).isEqualTo("ä`b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a 'b", "a `b", "a \"b", "a 'b\\'", "a 'b\\", "a /* b", "a /*! b", "a 'b''"})
  void refusesWhatIsNeverClosed(String sql) {
    assertThatThrownBy(() -> SqlLexer.tokens(sql, ""))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("at character 3 is never closed");
  }

  private static List<String> kinds(String sql, String mode) {
    return SqlLexer.tokens(sql, mode).stream().map(t -> t.kind() + " " + t.text()).toList();
  }
}

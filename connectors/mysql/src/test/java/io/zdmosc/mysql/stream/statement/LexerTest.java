package io.zdmosc.mysql.stream.statement;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.mysql.stream.event.Quoting;
import java.util.List;
import org.junit.jupiter.api.Test;

class LexerTest {
  @Test
  void readsWordsNamesTextsAndSymbols() {
    assertThat(tokens("ALTER TABLE `a``b`.\"c\"\"d\" COMMENT='it''s \\' x', é_1$"))
        .containsExactly(
            "WORD ALTER",
            "WORD TABLE",
            "NAME a`b",
            "SYMBOL .",
            "STRING c\"d",
            "WORD COMMENT",
            "SYMBOL =",
            "STRING it's ' x",
            "SYMBOL ,",
            "WORD é_1$");
  }

  @Test
  void leavesCommentsOut() {
    assertThat(tokens("a/* DROP */b -- c\nd # e\nf --\tg\nh /* i"))
        .containsExactly("WORD a", "WORD b", "WORD d", "WORD f", "WORD h");
  }

  @Test
  void readsCommentsThatTheServerExecutes() {
    assertThat(tokens("a /*!50001 b */ /*M!100401 c */ /*! d*/"))
        .containsExactly("WORD a", "WORD b", "WORD c", "WORD d");
  }

  @Test
  void endsWithTheStatementWhateverIsOpen() {
    assertThat(tokens("a 'b")).containsExactly("WORD a", "STRING b");
    assertThat(tokens("a `b")).containsExactly("WORD a", "NAME b");
    assertThat(tokens("'\\")).containsExactly("STRING \\");
    assertThat(tokens("")).isEmpty();
  }

  @Test
  void keywordsAreNotNamesInQuotes() {
    Cursor cursor = new Cursor(Lexer.tokens("`TABLE` TABLE", Quoting.DEFAULT));

    assertThat(cursor.take("TABLE")).isFalse();
    cursor.advance();
    assertThat(cursor.take("table")).isTrue();
    assertThat(cursor.atEnd()).isTrue();
    assertThat(cursor.name()).isNull();
  }

  @Test
  void readsQuotesAsTheModeSays() {
    Quoting other = new Quoting(true, false);
    assertThat(tokens("'a\\' \"b\\\"", other)).containsExactly("STRING a\\", "NAME b\\");
    assertThat(tokens("'a\\'' \"b\\\"c\"", Quoting.DEFAULT))
        .containsExactly("STRING a'", "STRING b\"c");
  }

  private static List<String> tokens(String sql) {
    return tokens(sql, Quoting.DEFAULT);
  }

  private static List<String> tokens(String sql, Quoting quoting) {
    return Lexer.tokens(sql, quoting).stream()
        .map(token -> token.kind() + " " + token.text())
        .toList();
  }
}

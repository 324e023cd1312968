package io.zdmosc.postgres.alter;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.postgres.alter.AlterAction.AddForeignKey;
import io.zdmosc.postgres.alter.AlterAction.Plain;
import io.zdmosc.postgres.alter.AlterAction.RenameColumn;
import io.zdmosc.postgres.alter.AlterAction.RenameTable;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AlterClausePropertyTest {

  @Property
  void splittingAJoinGivesTheActionsBack(
      @ForAll("actions") List<String> actions, @ForAll("gap") String before) {
    String clause = before + String.join(before + "," + before, actions) + before + ";";
    assertThat(AlterClause.parse(clause).actions())
        .extracting(AlterAction::sql)
        .containsExactlyElementsOf(actions);
  }

  @Property
  void stagesAreTheActionsInTheirOrder(@ForAll("actions") List<String> actions) {
    AlterClause clause = AlterClause.parse(String.join(",", actions));
    List<AlterAction> staged = new ArrayList<>();
    for (Stage stage : clause.stages()) {
      assertThat(stage.actions())
          .satisfiesAnyOf(
              all -> assertThat(all).hasSize(1),
              all -> assertThat(all).noneMatch(AlterAction::standsAlone));
      assertThat(AlterClause.parse(stage.sql()).actions()).isEqualTo(stage.actions());
      staged.addAll(stage.actions());
    }
    assertThat(staged).isEqualTo(clause.actions());
  }

  @Property
  void aQuotedNameIsReadAsItIs(@ForAll("names") String from, @ForAll("names") String to) {
    String sql = "RENAME " + quoted(from) + " TO " + quoted(to);
    assertThat(AlterClause.parse(sql).actions())
        .containsExactly(
            new RenameColumn(ServerNames.truncated(from), ServerNames.truncated(to), sql));
  }

  @Property
  void aReferenceIsCutOutOfAnyColumn(
      @ForAll("names") String name,
      @ForAll("constraints") List<String> before,
      @ForAll("constraints") List<String> after,
      @ForAll("gap") String gap) {
    String column = "ADD " + quoted(name) + " int";
    String reference = "REFERENCES p (id) ON DELETE SET NULL DEFERRABLE";
    List<String> parts = new ArrayList<>(List.of(column));
    parts.addAll(before);
    String head = String.join(" ", parts);
    String tail = String.join(" ", after);
    AlterClause clause = AlterClause.parse(head + gap + " " + reference + gap + " " + tail);
    assertThat(clause.actions().get(0)).isEqualTo(new Plain((head + " " + tail).strip()));
    assertThat(clause.foreignKeys())
        .extracting(AddForeignKey::definition)
        .containsExactly("FOREIGN KEY (" + quoted(name) + ") " + reference);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ADD a int CONSTRAINT REFERENCES b REFERENCES p (id)",
        "ADD a int CONSTRAINT REFERENCES REFERENCES p (id)",
        "ADD a int CONSTRAINT b CONSTRAINT c REFERENCES p (id)"
      })
  void aConstraintsNameIsNotCutOffIt(String text) {
    anyTextIsEitherTakenWholeOrRefused(text);
  }

  @Property(tries = 20_000)
  void anyTextIsEitherTakenWholeOrRefused(@ForAll("soup") String text) {
    AlterClause clause;
    try {
      clause = AlterClause.parse(text);
    } catch (RefusedException refused) {
      assertThat(refused.problems()).isNotEmpty();
      return;
    }
    for (AlterAction action : clause.actions()) {
      assertThat(AlterClause.parse(action.sql()).actions()).containsExactly(action);
    }
    for (AddForeignKey key : clause.foreignKeys(table -> true)) {
      assertThat(AlterClause.parse("ADD " + key.definition()).foreignKeys())
          .extracting(AddForeignKey::definition)
          .containsExactly(key.definition());
    }
    assertThat(clause.stages().stream().mapToInt(stage -> stage.actions().size()).sum())
        .isEqualTo(
            (int)
                clause.actions().stream()
                    .filter(a -> !(a instanceof AddForeignKey) && !(a instanceof RenameTable))
                    .count());
  }

  @Property(tries = 5_000)
  void onlyBlanksAndCommentsLieBetweenTokens(@ForAll("soup") String text) {
    List<SqlToken> tokens;
    try {
      tokens = SqlLexer.tokens(text);
    } catch (RefusedException refused) {
      return;
    }
    int end = 0;
    for (SqlToken token : tokens) {
      assertThat(SqlLexer.tokens(text.substring(end, token.start()))).isEmpty();
      assertThat(token.end()).isGreaterThan(token.start());
      end = token.end();
    }
    assertThat(SqlLexer.tokens(text.substring(end))).isEmpty();
  }

  @Provide
  Arbitrary<List<String>> actions() {
    Arbitrary<String> name = names().map(AlterClausePropertyTest::quoted);
    Arbitrary<String> literal =
        Arbitraries.oneOf(
            names().map(n -> "'" + n.replace("'", "''") + "'"),
            names().filter(n -> !n.contains("$")).map(n -> "$a1$" + n + "$a1$"));
    Arbitrary<String> action =
        Arbitraries.oneOf(
            name.map(n -> "DROP COLUMN " + n),
            Combinators.combine(name, name).as((a, b) -> "RENAME " + a + " TO " + b),
            Combinators.combine(name, literal).as((n, l) -> "ADD " + n + " text DEFAULT " + l),
            Combinators.combine(name, gap(), literal)
                .as(
                    (n, g, l) ->
                        "ALTER " + n + g + " TYPE text" + g + " USING f(" + n + g + ", " + l + ")"),
            name.map(n -> "DROP CONSTRAINT IF EXISTS " + n + " CASCADE"),
            Combinators.combine(name, name)
                .as((a, b) -> "ADD CONSTRAINT " + a + " UNIQUE (" + a + ", " + b + ")"));
    return action.list().ofMinSize(1).ofMaxSize(6);
  }

  @Provide
  Arbitrary<List<String>> constraints() {
    return Arbitraries.of(
            "NOT NULL",
            "CONSTRAINT c CHECK (x > 0 AND 'references' <> $$references$$)",
            "DEFAULT s.references(1)",
            "DEFAULT 'references p(id)'",
            "UNIQUE NOT DEFERRABLE",
            "CONSTRAINT \"references\" PRIMARY KEY",
            "GENERATED ALWAYS AS IDENTITY (START WITH 5)")
        .list()
        .ofMaxSize(4);
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.oneOf(
        Arbitraries.of(
            "a\"b", "\",\"\")\"", "select", "--", "/*", "$$", "'", ";", "\\", "U&", "\u00a0"),
        Arbitraries.strings().excludeChars('\0').ofMinLength(1).ofMaxLength(70),
        Arbitraries.strings()
            .withChars("aB\"',;()[]$-/*\\ \n\u00e4\u20ac")
            .ofMinLength(1)
            .ofMaxLength(70));
  }

  @Provide
  Arbitrary<String> gap() {
    return Arbitraries.of("", " ", "\n", "/* , */", " -- ' ; (\n", "/* /* ' */ $$ */ ", "\t\r\n");
  }

  @Provide
  Arbitrary<String> soup() {
    Arbitrary<String> word =
        Arbitraries.of(
            "ADD",
            "COLUMN",
            "a",
            "b",
            "int",
            "REFERENCES",
            "p",
            "(",
            ")",
            "(a)",
            "(a, b)",
            ",",
            "FOREIGN",
            "KEY",
            "CONSTRAINT",
            "c",
            "NOT",
            "NULL",
            "VALID",
            "ON",
            "DELETE",
            "SET",
            "DEFAULT",
            "CASCADE",
            "DEFERRABLE",
            "RENAME",
            "TO",
            "ALTER",
            "TYPE",
            "USING",
            "DROP",
            "IF",
            "EXISTS",
            "COLLATE",
            "PERIOD",
            "MATCH",
            "FULL",
            ".",
            "'x'",
            "\"q\"",
            "$$",
            "'",
            "E'\\'",
            "--",
            "/*",
            "*/",
            "\n",
            "[",
            "]",
            ";",
            "5",
            "::",
            "U&\"z\"",
            "UESCAPE");
    Arbitrary<String> begin =
        Arbitraries.of(
            "",
            "ADD a int REFERENCES p",
            "ADD FOREIGN KEY (a) REFERENCES p",
            "RENAME a TO b, ",
            "ALTER a TYPE int",
            "ADD CONSTRAINT c");
    Arbitrary<String> words = word.list().ofMaxSize(8).map(list -> String.join(" ", list));
    return Arbitraries.oneOf(
        Combinators.combine(begin, words).as((a, b) -> a + " " + b),
        Combinators.combine(begin, words, words).as((a, b, c) -> a + " " + b + "," + c),
        Arbitraries.strings().ofMaxLength(30));
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}

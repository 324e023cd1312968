package io.zdmosc.postgres.alter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RefusalsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ATTACH PARTITION p FOR VALUES IN (1, 2)",
        "DETACH PARTITION p CONCURRENTLY",
        "SPLIT PARTITION p INTO (PARTITION q DEFAULT)",
        "MERGE PARTITIONS (p, q) INTO r",
        "INHERIT p",
        "NO INHERIT p",
        "OF t",
        "NOT OF",
        "ENABLE TRIGGER t",
        "ENABLE ALWAYS TRIGGER t",
        "ENABLE REPLICA TRIGGER t",
        "DISABLE TRIGGER ALL",
        "ENABLE RULE r",
        "ENABLE ALWAYS RULE r",
        "ENABLE REPLICA RULE r",
        "DISABLE RULE r",
        "ENABLE ROW LEVEL SECURITY",
        "DISABLE ROW LEVEL SECURITY",
        "FORCE ROW LEVEL SECURITY",
        "NO FORCE ROW LEVEL SECURITY",
        "CLUSTER ON i",
        "SET WITHOUT CLUSTER",
        "SET WITHOUT OIDS",
        "OPTIONS (ADD a 'b')",
        "ALTER c OPTIONS (ADD a 'b')",
        "ADD UNIQUE USING INDEX i",
        "ADD PRIMARY KEY USING INDEX i DEFERRABLE",
        "ADD CONSTRAINT c PRIMARY KEY USING INDEX i",
        "ADD COLUMN IF NOT EXISTS a int REFERENCES p",
        "ADD a int REFERENCES p NOT VALID"
      })
  void whatMakesNoSenseOnAShadowIsNamed(String sql) {
    assertThat(refused(sql))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.object()).isEqualTo(sql);
              assertThat(problem.remedy()).isNotEmpty();
            });
    assertThat(refused("ADD a int," + sql.toLowerCase(Locale.ROOT) + ", DROP b")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "MODIFY a bigint",
        "CHANGE COLUMN a b bigint",
        "COLUMN a",
        "TABLE t ADD a int",
        "ONLY t ADD a int",
        "SET",
        "SET a = 5",
        "RESET ALL",
        "REPLICA a",
        "VALIDATE",
        "\"add\" a int",
        "'ADD a int'",
        "(ADD a int)",
        "5",
        "DROP",
        "DROP COLUMN IF EXISTS",
        "ADD",
        "ADD COLUMN",
        "ADD (a int, b int)",
        "ADD CONSTRAINT",
        "ADD CONSTRAINT c",
        "ADD CONSTRAINT c REFERENCES p",
        "ADD FOREIGN (a) REFERENCES p",
        "ADD FOREIGN KEY a REFERENCES p",
        "ADD FOREIGN KEY () REFERENCES p",
        "ADD FOREIGN KEY (a b) REFERENCES p",
        "ADD FOREIGN KEY (a)",
        "ADD FOREIGN KEY (a) REFERENCES",
        "ADD FOREIGN KEY (a) REFERENCES p.",
        "ADD FOREIGN KEY (a) REFERENCES p MATCH",
        "ADD FOREIGN KEY (a) REFERENCES p ON DELETE",
        "ADD FOREIGN KEY (a) REFERENCES p ON DELETE SET",
        "ADD FOREIGN KEY (a) REFERENCES p ON DELETE CASCADE (a)",
        "ADD FOREIGN KEY (a) REFERENCES p CHECK (a > 0)",
        "ADD FOREIGN KEY (a, PERIOD b, c) REFERENCES p",
        "ADD FOREIGN KEY (PERIOD b) REFERENCES p",
        "ADD FOREIGN KEY (a) REFERENCES p MATCH PARTIAL",
        "ADD FOREIGN KEY (a) REFERENCES p ON DELETE CASCADE ON DELETE CASCADE",
        "ADD FOREIGN KEY (a) REFERENCES p ON DELETE CASCADE MATCH FULL",
        "ADD FOREIGN KEY (a) REFERENCES p DEFERRABLE ON DELETE CASCADE",
        "ADD FOREIGN KEY (a) REFERENCES p DEFERRABLE NOT DEFERRABLE",
        "ADD FOREIGN KEY (a) REFERENCES p INITIALLY IMMEDIATE INITIALLY DEFERRED",
        "ADD FOREIGN KEY (a) REFERENCES p INITIALLY DEFERRED NOT DEFERRABLE",
        "ADD a int REFERENCES p ENFORCED NOT ENFORCED",
        "ADD a int REFERENCES p STORED",
        "ADD a int CONSTRAINT",
        "ALTER",
        "ALTER a",
        "ALTER a bigint",
        "ALTER a TYPE",
        "ALTER a SET DATA TYPE",
        "ALTER a TYPE int USING",
        "ALTER 1 SET STATISTICS 5",
        "ALTER CONSTRAINT",
        "RENAME",
        "RENAME a",
        "RENAME a b",
        "RENAME a TO",
        "RENAME a TO b c",
        "RENAME TO",
        "RENAME TO s.t",
        "RENAME CONSTRAINT a",
        "DROP CONSTRAINT",
        "DROP CONSTRAINT a CASCADE RESTRICT",
        "VALIDATE CONSTRAINT",
        "VALIDATE CONSTRAINT a b"
      })
  void whatIsNotUnderstoodIsRefused(String sql) {
    assertThat(refused(sql)).hasSize(1);
    assertThat(refused("DROP x, " + sql + ",DROP y")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "ADD a int,|an action is missing at character 11",
        ",ADD a int|an action is missing at character 1",
        "ADD a int,,DROP b|an action is missing at character 11",
        ",|an action is missing at character 1",
        "ADD a int; DROP TABLE t|a semicolon at character 10 ends the statement",
        "ADD a int CHECK (a > 0; DROP TABLE t)|a semicolon at character 23 ends the statement",
        ";DROP TABLE t|a semicolon at character 1 ends the statement",
        "ADD a int) ; DROP TABLE t; --|) at character 10 closes nothing",
        "ADD a int CHECK (a > 0|( at character 17 is never closed",
        "ADD a int CHECK (a > b[1)]|) at character 25 closes nothing",
        "ADD a int DEFAULT 'x|the string literal at character 19 is never closed",
        "RENAME a TO b c|expected the end of the action at \"c\" (character 15)",
        "DROP b, RENAME a|expected TO at its end (character 17)"
      })
  void textThatCannotBeSplitIsRefusedWithThePosition(String clause, String what) {
    assertThat(refused(clause)).extracting(Problem::what).anyMatch(w -> w.startsWith(what));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE t ADD a int, FOO",
        "alter table if exists only s.t rename a to b",
        "ALL IN TABLESPACE a OWNED BY b, c SET TABLESPACE d"
      })
  void aWholeStatementIsRefusedAsOne(String clause) {
    assertThat(refused(clause)).hasSize(1);
  }

  @Test
  void aStatementInsteadOfAClauseIsExplained() {
    assertThat(refused("/* x */ ALTER TABLE t ADD a int"))
        .extracting(Problem::what, Problem::remedy)
        .containsExactly(
            tuple(
                "only what follows ALTER TABLE and the table's name is expected",
                "Leave these out, as in: ADD COLUMN note text, DROP COLUMN memo"));
  }

  @Test
  void allProblemsAreReportedAtOnce() {
    assertThat(refused("CLUSTER ON a, ADD b int, FOO, RENAME TO c, RENAME TO d, RENAME e"))
        .extracting(Problem::object)
        .containsExactlyInAnyOrder("CLUSTER ON a", "FOO", "RENAME TO d", "RENAME e");
    assertThat(refused("ADD (;,DROP a")).hasSize(2);
  }

  @Test
  void longActionsAreShownByTheirBeginning() {
    assertThat(refused("CLUSTER\n ON  \"" + "\ud83d\ude00".repeat(60) + "\""))
        .extracting(Problem::object)
        .containsExactly("CLUSTER ON \"" + "\ud83d\ude00".repeat(48) + "...");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES p, RENAME CONSTRAINT K TO l",
        "ADD a int CONSTRAINT k REFERENCES p, ALTER CONSTRAINT k DEFERRABLE",
        "ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES p NOT VALID, VALIDATE CONSTRAINT k"
      })
  void aForeignKeyOfTheClauseIsNotThereForOtherActions(String clause) {
    assertThat(refused(clause)).hasSize(1);
  }

  private static List<Problem> refused(String clause) {
    RefusedException refused =
        catchThrowableOfType(RefusedException.class, () -> AlterClause.parse(clause));
    assertThat(refused).as(clause).isNotNull();
    return refused.problems();
  }
}

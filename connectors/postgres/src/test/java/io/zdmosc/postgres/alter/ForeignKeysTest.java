package io.zdmosc.postgres.alter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.postgres.alter.AlterAction.AddForeignKey;
import io.zdmosc.postgres.alter.AlterAction.Plain;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ForeignKeysTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "FOREIGN KEY (a) REFERENCES p",
        "FOREIGN KEY (a, b) REFERENCES s.p (c, d)",
        "foreign key(a)references \"P\"(\"C\")on delete cascade",
        "FOREIGN KEY (a) REFERENCES p MATCH FULL ON UPDATE NO ACTION ON DELETE RESTRICT",
        "FOREIGN KEY (a, b) REFERENCES p ON DELETE SET NULL (b) ON UPDATE SET DEFAULT",
        "FOREIGN KEY (a) REFERENCES p DEFERRABLE INITIALLY DEFERRED",
        "FOREIGN KEY (a) REFERENCES p NOT DEFERRABLE INITIALLY IMMEDIATE",
        "FOREIGN KEY (a) REFERENCES p NOT ENFORCED",
        "FOREIGN KEY (a) REFERENCES p ENFORCED",
        "FOREIGN KEY (a, PERIOD b) REFERENCES p (c, PERIOD d)",
        "FOREIGN KEY (period, a) REFERENCES p (period)",
        "FOREIGN KEY (a) -- why\n REFERENCES /* , */ p"
      })
  void ofTheTable(String definition) {
    for (String prefix : List.of("ADD ", "ADD CONSTRAINT \"N\" ")) {
      AddForeignKey key = only(prefix + definition);
      assertThat(key.name().isPresent()).isEqualTo(prefix.contains("N\""));
      assertThat(key.definition()).isEqualTo(definition);
      assertThat(key.sql()).isEqualTo(prefix + definition);
      assertThat(key.notValid()).isFalse();
    }
  }

  @Test
  void areReadByTheirParts() {
    assertThat(only("ADD CONSTRAINT N FOREIGN KEY (A, PERIOD \"B\") REFERENCES S.P (C, PERIOD d)"))
        .isEqualTo(
            new AddForeignKey(
                Optional.of("n"),
                List.of("a", "B"),
                List.of("s", "p"),
                List.of("c", "d"),
                "FOREIGN KEY (A, PERIOD \"B\") REFERENCES S.P (C, PERIOD d)",
                false,
                "ADD CONSTRAINT N FOREIGN KEY (A, PERIOD \"B\") REFERENCES S.P (C, PERIOD d)"));
  }

  /** Dots and quotes within a name end neither it nor the part before the dot. */
  @Test
  void areReadByTheirPartsWhateverIsInTheNames() {
    AddForeignKey key =
        only(
            "ADD CONSTRAINT \"k.1\"\".\" FOREIGN KEY (\"x.y\") REFERENCES"
                + " \"a.b\" . \"c.d\"\"\" (\"\"\".\"\"\", \"REFERENCES a.b\")");
    assertThat(key.name()).contains("k.1\".");
    assertThat(key.columns()).containsExactly("x.y");
    assertThat(key.referencedTable()).containsExactly("a.b", "c.d\"");
    assertThat(key.referencedColumns()).containsExactly("\".\"", "REFERENCES a.b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "FOREIGN KEY (a) REFERENCES p DEFERRABLE NOT VALID",
        "FOREIGN KEY (a) REFERENCES p NOT VALID DEFERRABLE",
        "FOREIGN KEY (a) REFERENCES p /* x */ not /* y */ valid -- z\n DEFERRABLE"
      })
  void notValidIsTakenOutOfTheDefinition(String sql) {
    AddForeignKey key = only("ADD " + sql);
    assertThat(key.definition()).isEqualTo("FOREIGN KEY (a) REFERENCES p DEFERRABLE");
    assertThat(key.notValid()).isTrue();
    assertThat(key.sql()).isEqualTo("ADD " + sql);
  }

  @Test
  void ofAColumnAreCutOut() {
    assertThat(
            actions(
                "ADD COLUMN x int NOT NULL CONSTRAINT n REFERENCES p(id) ON DELETE CASCADE"
                    + " DEFERRABLE CHECK (x > 0)"))
        .containsExactly(
            new Plain("ADD COLUMN x int NOT NULL CHECK (x > 0)"),
            new AddForeignKey(
                Optional.of("n"),
                List.of("x"),
                List.of("p"),
                List.of("id"),
                "FOREIGN KEY (x) REFERENCES p(id) ON DELETE CASCADE DEFERRABLE",
                false,
                "ADD CONSTRAINT n FOREIGN KEY (x) REFERENCES p(id) ON DELETE CASCADE DEFERRABLE"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "ADD x int REFERENCES p | ADD x int | FOREIGN KEY (x) REFERENCES p",
        "ADD \"X y\" int REFERENCES p | ADD \"X y\" int | FOREIGN KEY (\"X y\") REFERENCES p",
        "ADD U&\"!0078\" UESCAPE '!' int REFERENCES p | ADD U&\"!0078\" UESCAPE '!' int"
            + " | FOREIGN KEY (U&\"!0078\" UESCAPE '!') REFERENCES p",
        "ADD x references.t REFERENCES s.references (references)"
            + " | ADD x references.t | FOREIGN KEY (x) REFERENCES s.references (references)",
        "ADD x int DEFAULT s.references(1) REFERENCES p UNIQUE"
            + " | ADD x int DEFAULT s.references(1) UNIQUE | FOREIGN KEY (x) REFERENCES p",
        "ADD x text DEFAULT 'references q' CHECK (x <> 'references') REFERENCES p NOT NULL"
            + " | ADD x text DEFAULT 'references q' CHECK (x <> 'references') NOT NULL"
            + " | FOREIGN KEY (x) REFERENCES p",
        "ADD x int REFERENCES p ON DELETE SET NULL NULL | ADD x int NULL"
            + " | FOREIGN KEY (x) REFERENCES p ON DELETE SET NULL",
        "ADD x int REFERENCES p ON DELETE SET DEFAULT DEFAULT 5 | ADD x int DEFAULT 5"
            + " | FOREIGN KEY (x) REFERENCES p ON DELETE SET DEFAULT",
        "ADD x int REFERENCES p ON UPDATE SET NULL (x) NOT DEFERRABLE NOT NULL"
            + " | ADD x int NOT NULL"
            + " | FOREIGN KEY (x) REFERENCES p ON UPDATE SET NULL (x) NOT DEFERRABLE",
        "ADD x text REFERENCES p COLLATE s.\"C\" DEFERRABLE INITIALLY DEFERRED PRIMARY KEY"
            + " | ADD x text COLLATE s.\"C\" PRIMARY KEY"
            + " | FOREIGN KEY (x) REFERENCES p DEFERRABLE INITIALLY DEFERRED",
        "ADD x int UNIQUE DEFERRABLE REFERENCES p NOT ENFORCED GENERATED ALWAYS AS IDENTITY"
            + " | ADD x int UNIQUE DEFERRABLE GENERATED ALWAYS AS IDENTITY"
            + " | FOREIGN KEY (x) REFERENCES p NOT ENFORCED",
        "ADD x int CONSTRAINT c NOT NULL REFERENCES p CONSTRAINT d CHECK (x > 0)"
            + " | ADD x int CONSTRAINT c NOT NULL CONSTRAINT d CHECK (x > 0)"
            + " | FOREIGN KEY (x) REFERENCES p",
        "ADD x \"references\" REFERENCES \"references\" | ADD x \"references\""
            + " | FOREIGN KEY (x) REFERENCES \"references\""
      })
  void ofAColumnEndWhereTheServerEndsThem(String clause, String column, String definition) {
    List<AlterAction> actions = actions(clause);
    assertThat(actions).hasSize(2);
    assertThat(actions.get(0)).isEqualTo(new Plain(column));
    assertThat(((AddForeignKey) actions.get(1)).definition()).isEqualTo(definition);
    assertThat(actions("DROP y, " + clause + " , DROP z")).hasSize(4).containsAll(actions);
  }

  @Test
  void commentsAtACutGoWithIt() {
    List<AlterAction> actions =
        actions("ADD x /* a */ int -- b\n REFERENCES /* c */ p -- d\n CHECK (x > /* e */ 0)");
    assertThat(actions.get(0)).isEqualTo(new Plain("ADD x /* a */ int CHECK (x > /* e */ 0)"));
    assertThat(((AddForeignKey) actions.get(1)).definition())
        .isEqualTo("FOREIGN KEY (x) REFERENCES /* c */ p");
  }

  @Test
  void aColumnCanHaveSeveral() {
    AlterClause clause =
        AlterClause.parse("ADD x int REFERENCES p DEFERRABLE REFERENCES q(b) UNIQUE, DROP y");
    assertThat(clause.stages()).extracting(Stage::sql).containsExactly("ADD x int UNIQUE, DROP y");
    assertThat(definitions(clause.foreignKeys()))
        .containsExactly(
            "FOREIGN KEY (x) REFERENCES p DEFERRABLE", "FOREIGN KEY (x) REFERENCES q(b)");
  }

  @Test
  void followTheirColumnsThroughLaterRenames() {
    AlterClause clause =
        AlterClause.parse(
            "RENAME z TO a, ADD CONSTRAINT n FOREIGN KEY (A, b) REFERENCES p (a, b) ON DELETE SET"
                + " NULL (a) NOT VALID, ADD a2 int REFERENCES p(a2), RENAME a TO \"A, )\", RENAME"
                + " COLUMN b TO a, RENAME a2 TO U&\"!0061\" UESCAPE '!'");
    assertThat(clause.foreignKeys())
        .containsExactly(
            new AddForeignKey(
                Optional.of("n"),
                List.of("A, )", "a"),
                List.of("p"),
                List.of("a", "b"),
                "FOREIGN KEY (\"A, )\", a) REFERENCES p (a, b) ON DELETE SET NULL (\"A, )\")",
                true,
                "ADD CONSTRAINT n FOREIGN KEY (\"A, )\", a) REFERENCES p (a, b)"
                    + " ON DELETE SET NULL (\"A, )\") NOT VALID"),
            new AddForeignKey(
                Optional.empty(),
                List.of("a"),
                List.of("p"),
                List.of("a2"),
                "FOREIGN KEY (U&\"!0061\" UESCAPE '!') REFERENCES p(a2)",
                false,
                "ADD FOREIGN KEY (U&\"!0061\" UESCAPE '!') REFERENCES p(a2)"));
  }

  @Test
  void newNamesDoNotRunIntoTheirNeighbours() {
    AlterClause clause =
        AlterClause.parse(
            "ADD FOREIGN KEY(\"A\",PERIOD\"B\")REFERENCES\"T\"(\"A\",PERIOD\"B\")ON DELETE"
                + " CASCADE,ADD FOREIGN KEY(\"A\")REFERENCES\"T\"ON DELETE CASCADE,"
                + " RENAME \"A\" TO a, RENAME \"B\" TO b, RENAME TO t");
    assertThat(definitions(clause.foreignKeys(table -> true)))
        .containsExactly(
            "FOREIGN KEY(a,PERIOD b)REFERENCES t(a,PERIOD b)ON DELETE CASCADE",
            "FOREIGN KEY(a)REFERENCES t ON DELETE CASCADE");
  }

  @Test
  void twoColumnsCanSwapTheirNames() {
    assertThat(
            definitions(
                AlterClause.parse(
                        "ADD FOREIGN KEY (a, b) REFERENCES p, RENAME a TO t, RENAME b TO a,"
                            + " RENAME t TO b")
                    .foreignKeys()))
        .containsExactly("FOREIGN KEY (b, a) REFERENCES p");
  }

  @Test
  void toTheTableItselfFollowItsNamesToo() {
    AlterClause clause =
        AlterClause.parse(
            "RENAME TO \"T2\", ADD parent int REFERENCES s.t (id), ADD FOREIGN KEY (x) REFERENCES"
                + " other (id), RENAME id TO key");
    assertThat(definitions(clause.foreignKeys(table -> table.equals(List.of("s", "t")))))
        .containsExactly(
            "FOREIGN KEY (parent) REFERENCES s.\"T2\" (key)",
            "FOREIGN KEY (x) REFERENCES other (id)");
    assertThat(definitions(clause.foreignKeys()))
        .containsExactly(
            "FOREIGN KEY (parent) REFERENCES s.t (id)", "FOREIGN KEY (x) REFERENCES other (id)");
  }

  private static AddForeignKey only(String clause) {
    List<AlterAction> actions = actions(clause);
    assertThat(actions).hasSize(1);
    return (AddForeignKey) actions.get(0);
  }

  private static List<String> definitions(List<AddForeignKey> keys) {
    return keys.stream().map(AddForeignKey::definition).toList();
  }

  private static List<AlterAction> actions(String clause) {
    return AlterClause.parse(clause).actions();
  }

  @Test
  void takesNoReservedWordForACollation() {
    assertThatThrownBy(() -> AlterClause.parse("ADD a text REFERENCES p COLLATE REFERENCES"))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("the name of a collation");
  }
}

package io.zdmosc.postgres.owned.key;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.postgres.catalog.ForeignKeyInfo;
import io.zdmosc.postgres.catalog.ForeignKeyInfo.Side;
import io.zdmosc.postgres.handover.FollowUp;
import io.zdmosc.postgres.handover.Transfer;
import io.zdmosc.postgres.sql.Sql;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Keys whose tables, columns and own names have dots and quotes in them. */
class KeyMoveTest {
  private static final String CHILD = Sql.name("a.b", "c.d\"e'");
  private static final String OLD = Sql.name("p.q", "r\".\"s");
  private static final String NEW = Sql.name("p.q", "zdm.1\"");
  private static final Side FROM = new Side(1, CHILD, List.of(2), List.of(Sql.name("x.y")));
  private static final Side TO = new Side(3, OLD, List.of(1), List.of(Sql.name("\".\"")));

  private static ForeignKeyInfo key(char kind) {
    return new ForeignKeyInfo(
        7,
        "k.1\".",
        0,
        FROM,
        kind,
        "owner",
        TO,
        List.of(2),
        false,
        " ON DELETE SET NULL",
        "",
        true,
        true,
        "",
        "it's");
  }

  private static Transfer transfer(char kind, int version) {
    Side serving = TO.named(NEW, List.of(Sql.name("z.z")));
    return new KeyMove(new KeyTree(key(kind), List.of()), serving, version).transfer();
  }

  @Test
  void areDroppedAddedAndValidatedByTheirNames() {
    Transfer transfer = transfer('r', 180000);

    assertThat(transfer.release())
        .containsExactly("ALTER TABLE \"a.b\".\"c.d\"\"e'\" DROP CONSTRAINT \"k.1\"\".\"");
    assertThat(transfer.attach())
        .containsExactly(
            "ALTER TABLE \"a.b\".\"c.d\"\"e'\" ADD CONSTRAINT \"k.1\"\".\" FOREIGN KEY (\"x.y\")"
                + " REFERENCES \"p.q\".\"zdm.1\"\"\"(\"z.z\") ON DELETE SET NULL (\"x.y\") NOT VALID",
            "COMMENT ON CONSTRAINT \"k.1\"\".\" ON \"a.b\".\"c.d\"\"e'\" IS 'it''s'");
    FollowUp validation = transfer.afterwards().get(0);
    assertThat(validation.statement())
        .isEqualTo("ALTER TABLE \"a.b\".\"c.d\"\"e'\" VALIDATE CONSTRAINT \"k.1\"\".\"");
    assertThat(validation.toString())
        .contains("foreign key k.1\". of \"a.b\".\"c.d\"\"e'\" is NOT VALID");
  }

  /** The catalog is asked with the table's name in a string. */
  @Test
  void areLookedForByTheirNames() {
    FollowUp whole = transfer('p', 170000).afterwards().get(0);

    assertThat(whole.toString())
        .contains("conrelid = '\"a.b\".\"c.d\"\"e''\"'::regclass AND conname = 'k.1\".')");
  }
}

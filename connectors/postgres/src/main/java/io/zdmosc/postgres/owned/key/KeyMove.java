package io.zdmosc.postgres.owned.key;

import static io.zdmosc.postgres.sql.Sql.literal;
import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.postgres.catalog.ForeignKeyInfo;
import io.zdmosc.postgres.handover.FollowUp;
import io.zdmosc.postgres.handover.Transfer;
import java.util.ArrayList;
import java.util.List;

/**
 * Lets a foreign key refer to the table that begins to serve.
 *
 * <p>It is dropped and added again as NOT VALID in the swap's transaction, which reads no rows and
 * leaves no moment without it; what was valid is validated afterwards. Before version 18 a
 * partitioned table's key cannot be NOT VALID. So there each partition gets its own, and the whole
 * one is put over them when they have been validated.
 */
final class KeyMove {
  /** The first version with keys of partitioned tables that are not valid. */
  private static final int WHOLE_NOT_VALID = 180000;

  private final KeyTree tree;
  private final ForeignKeyInfo.Side referenced;
  private final boolean inParts;

  /**
   * @param referenced the table that begins to serve, with the names of its columns
   */
  KeyMove(KeyTree tree, ForeignKeyInfo.Side referenced, int version) {
    this.tree = tree;
    this.referenced = referenced;
    this.inParts = tree.key().isPartitioned() && version < WHOLE_NOT_VALID;
  }

  /** From the table that the key refers to today. */
  Transfer transfer() {
    return new Transfer(List.of(drop("", tree.key())), attach(), afterwards());
  }

  /** From the table to which this key was moved by such a transfer, completed or not. */
  Transfer transferBack() {
    List<String> release =
        inParts
            ? tree.fromAbove().stream().map(key -> drop("IF EXISTS ", key)).toList()
            : List.of(drop("", tree.key()));
    return new Transfer(release, attach(), afterwards());
  }

  /** From the table that the key refers to today, where it goes with a column that is dropped. */
  Transfer leave() {
    return new Transfer(List.of(drop("", tree.key())), List.of(), List.of());
  }

  /** To the table that has such a column again. */
  Transfer comeBack() {
    return new Transfer(List.of(), attach(), afterwards());
  }

  private static String drop(String ifExists, ForeignKeyInfo key) {
    return "ALTER TABLE " + key.from().sql() + " DROP CONSTRAINT " + ifExists + name(key.name());
  }

  private boolean comesLate(ForeignKeyInfo key) {
    return inParts && key.isPartitioned();
  }

  private List<String> attach() {
    List<String> statements = new ArrayList<>();
    if (!inParts && tree.hasOneName()) {
      statements.addAll(add(tree.key(), " NOT VALID"));
      tree.parts().forEach(part -> part.fromAbove().forEach(key -> comment(key, statements)));
      return statements;
    }
    // a part that is there already, by its own name, becomes one of the whole
    for (ForeignKeyInfo key : tree.fromBelow()) {
      if (!comesLate(key)) {
        statements.addAll(add(key, " NOT VALID"));
      }
    }
    return statements;
  }

  private List<String> add(ForeignKeyInfo key, String state) {
    String constraint = name(key.name());
    String table = key.from().sql();
    List<String> statements = new ArrayList<>();
    statements.add(
        "ALTER TABLE "
            + table
            + " ADD CONSTRAINT "
            + constraint
            + " "
            + key.definition(key.from(), referenced)
            + state);
    comment(key, statements);
    return statements;
  }

  private static void comment(ForeignKeyInfo key, List<String> statements) {
    if (key.comment() != null) {
      statements.add(
          "COMMENT ON CONSTRAINT "
              + name(key.name())
              + " ON "
              + key.from().sql()
              + " IS "
              + literal(key.comment()));
    }
  }

  private List<FollowUp> afterwards() {
    List<FollowUp> steps = new ArrayList<>();
    String object = words(tree.key());
    if (!inParts) {
      tree.toValidate().forEach(key -> steps.add(validate(key, words(key) + " is NOT VALID")));
      return steps;
    }
    for (ForeignKeyInfo key : tree.fromBelow()) {
      if (key.isPartitioned()) {
        steps.add(
            new FollowUp(
                String.join("; ", add(key, "")),
                object + " is there for each partition only",
                exists(key),
                false));
      } else {
        steps.add(validate(key, object + " is there for each partition only"));
      }
    }
    return steps;
  }

  private static String words(ForeignKeyInfo key) {
    return "foreign key " + key.name() + " of " + key.from().sql();
  }

  private static FollowUp validate(ForeignKeyInfo key, String object) {
    return new FollowUp(
        "ALTER TABLE " + key.from().sql() + " VALIDATE CONSTRAINT " + name(key.name()),
        object,
        "",
        true);
  }

  private static String exists(ForeignKeyInfo key) {
    return "SELECT EXISTS (SELECT FROM pg_constraint WHERE contype = 'f' AND conrelid = "
        + literal(key.from().sql())
        + "::regclass AND conname = "
        + literal(key.name())
        + ")";
  }
}

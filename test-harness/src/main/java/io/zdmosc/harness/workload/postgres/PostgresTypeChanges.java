package io.zdmosc.harness.workload.postgres;

import static io.zdmosc.harness.workload.table.PayloadIds.AMOUNT;
import static io.zdmosc.harness.workload.table.PayloadIds.AT;
import static io.zdmosc.harness.workload.table.PayloadIds.BIG;
import static io.zdmosc.harness.workload.table.PayloadIds.CNT;
import static io.zdmosc.harness.workload.table.PayloadIds.DOC;
import static io.zdmosc.harness.workload.table.PayloadIds.FLAG;
import static io.zdmosc.harness.workload.table.PayloadIds.GEN;
import static io.zdmosc.harness.workload.table.PayloadIds.NOTE;
import static io.zdmosc.harness.workload.table.PayloadIds.U;

import io.zdmosc.harness.workload.table.Alteration;
import io.zdmosc.harness.workload.table.ChangeBuilder;
import io.zdmosc.harness.workload.table.TableSpec;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Changes of a column's type, collation or expression. */
public final class PostgresTypeChanges {
  private static final Set<String> INTEGERS = Set.of("integer", "smallint", "positive_id");

  public static final List<Alteration> ALL =
      List.of(
          new Alteration("key_to_bigint", integerKey(), c -> retypeKey(c, "bigint")),
          new Alteration("key_to_text", plainIntegerKey(), c -> retypeKey(c, "text")),
          new Alteration(
              "key_varchar_to_text", keyType(Set.of("varchar(10)")), c -> retypeKey(c, "text")),
          new Alteration(
              "key_collation",
              keyType(Set.of("text", "text COLLATE \"en-x-icu\"")),
              c -> retypeKey(c, "text COLLATE \"C\"")),
          new Alteration(
              "int_to_bigint", PostgresTypeChanges::notGenerated, c -> retype(c, CNT, "bigint")),
          Alteration.of("unique_to_bigint", c -> retype(c, U, "bigint")),
          Alteration.of("numeric_scale", c -> retype(c, AMOUNT, "numeric(20,6)")),
          Alteration.of("text_to_varchar", c -> retype(c, NOTE, "varchar(200)")),
          Alteration.of("collate", c -> retype(c, NOTE, "text COLLATE \"C\"")),
          Alteration.of("using_cents", c -> using(c, AMOUNT, "bigint", "round(%s * 100)::bigint")),
          Alteration.of(
              "using_zone", c -> using(c, AT, "timestamp", "%s AT TIME ZONE 'Asia/Tokyo'")),
          Alteration.of("using_bytes", c -> using(c, BIG, "bytea", "convert_to(%s, 'UTF8')")),
          Alteration.of(
              "using_int",
              c -> {
                c.clause("ALTER COLUMN %s DROP DEFAULT", FLAG);
                using(c, FLAG, "integer", "%s::integer");
              }),
          Alteration.of("json_to_text", c -> using(c, DOC, "text", "%s::text")),
          Alteration.of(
              "using_other_columns",
              c ->
                  using(
                      c,
                      NOTE,
                      "text",
                      "coalesce(%s, '<null>') || ':' || " + c.quoted(CNT) + "::text")),
          Alteration.needing(
              GEN,
              "drop_expression",
              c -> c.clause("ALTER COLUMN %s DROP EXPRESSION", GEN).valuesChange()));

  private PostgresTypeChanges() {}

  /** A generated column forbids a change of the type of those that it reads. */
  private static boolean notGenerated(TableSpec table) {
    return table.find(GEN).isEmpty();
  }

  /** What is written after the change is what the change would have made of it. */
  private static ChangeBuilder retype(ChangeBuilder c, String id, String type) {
    String bare = type.replaceAll(" COLLATE .*", "");
    return c.clause("ALTER COLUMN %s TYPE " + type, id)
        .becomes(id, "CAST(" + c.quoted(id) + " AS " + bare + ")");
  }

  private static void retypeKey(ChangeBuilder c, String type) {
    List<String> ids = c.table().keyIds();
    retype(c, ids.get(ids.size() - 1), type);
  }

  private static void using(ChangeBuilder c, String id, String type, String format) {
    String expression = String.format(format, c.quoted(id));
    c.clause("ALTER COLUMN %s TYPE " + type + " USING " + expression.replace("%", "%%"), id)
        .becomes(id, expression)
        .valuesChange();
  }

  private static Predicate<TableSpec> integerKey() {
    return keyType(INTEGERS);
  }

  private static Predicate<TableSpec> plainIntegerKey() {
    return integerKey().and(table -> !table.key().serverGenerated());
  }

  private static Predicate<TableSpec> keyType(Set<String> types) {
    return table -> {
      List<String> ids = table.keyIds();
      return types.contains(table.column(ids.get(ids.size() - 1)).type());
    };
  }
}

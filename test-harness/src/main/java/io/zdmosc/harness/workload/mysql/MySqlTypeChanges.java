package io.zdmosc.harness.workload.mysql;

import static io.zdmosc.harness.workload.table.PayloadIds.AMOUNT;
import static io.zdmosc.harness.workload.table.PayloadIds.AT;
import static io.zdmosc.harness.workload.table.PayloadIds.BIG;
import static io.zdmosc.harness.workload.table.PayloadIds.CNT;
import static io.zdmosc.harness.workload.table.PayloadIds.DOC;
import static io.zdmosc.harness.workload.table.PayloadIds.FLAG;
import static io.zdmosc.harness.workload.table.PayloadIds.GEN;
import static io.zdmosc.harness.workload.table.PayloadIds.KIND;
import static io.zdmosc.harness.workload.table.PayloadIds.MASK;
import static io.zdmosc.harness.workload.table.PayloadIds.NOTE;
import static io.zdmosc.harness.workload.table.PayloadIds.RAW;
import static io.zdmosc.harness.workload.table.PayloadIds.TAGS;
import static io.zdmosc.harness.workload.table.PayloadIds.U;

import io.zdmosc.harness.workload.table.Alteration;
import io.zdmosc.harness.workload.table.ChangeBuilder;
import io.zdmosc.harness.workload.table.Column;
import io.zdmosc.harness.workload.table.TableSpec;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Changes of a column's type, character set or collation. The conversion is that of an assignment,
 * which the expected rows get in the same way.
 */
public final class MySqlTypeChanges {
  private static final Set<String> INTEGERS = Set.of("int", "mediumint unsigned");

  public static final List<Alteration> ALL =
      List.of(
          new Alteration("key_to_bigint", keyType(INTEGERS), c -> retypeKey(c, "bigint")),
          new Alteration(
              "key_to_varchar",
              keyType(INTEGERS).and(table -> !table.key().serverGenerated()),
              c -> retypeKey(c, "varchar(40) CHARACTER SET ascii")),
          new Alteration(
              "key_to_decimal",
              keyType(Set.of("bigint unsigned")).and(table -> !table.key().serverGenerated()),
              c -> retypeKey(c, "decimal(25,0)")),
          new Alteration(
              "key_collation",
              keyType(Set.of("varchar(191) COLLATE utf8mb4_general_ci")),
              c -> retypeKey(c, "varchar(191) COLLATE utf8mb4_bin").valuesChange()),
          new Alteration(
              "key_character_set",
              keyType(Set.of("varchar(40) CHARACTER SET latin1 COLLATE latin1_swedish_ci")),
              c -> retypeKey(c, "varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")),
          new Alteration(
              "key_longer_binary",
              keyType(Set.of("binary(8)")),
              c -> retypeKey(c, "varbinary(20)")),
          new Alteration(
              "int_to_bigint", MySqlTypeChanges::notGenerated, c -> retype(c, CNT, "bigint")),
          Alteration.of("unique_to_bigint", c -> retype(c, U, "bigint")),
          Alteration.of("decimal_scale", c -> retype(c, AMOUNT, "decimal(24,6)")),
          Alteration.of("decimal_to_double", c -> retype(c, AMOUNT, "double")),
          Alteration.of("decimal_to_varchar", c -> retype(c, AMOUNT, "varchar(40)").valuesChange()),
          Alteration.of("text_to_varchar", c -> retype(c, NOTE, "varchar(200)")),
          Alteration.of("collate", c -> retype(c, NOTE, "text COLLATE utf8mb4_bin")),
          Alteration.of("text_to_blob", c -> retype(c, BIG, "longblob")),
          Alteration.of("json_to_text", c -> retype(c, DOC, "longtext").valuesChange()),
          Alteration.of("timestamp_to_datetime", c -> retype(c, AT, "datetime(6)", "NULL")),
          Alteration.of("tinyint_to_int", c -> retype(c, FLAG, "int")),
          Alteration.of("enum_grows", c -> retype(c, KIND, "enum('new','','low','it''s','high')")),
          Alteration.of("enum_to_varchar", c -> retype(c, KIND, "varchar(20)")),
          Alteration.of("set_grows", c -> retype(c, TAGS, "set('blue','it''s','green','red')")),
          Alteration.of("blob_to_varbinary", c -> retype(c, RAW, "varbinary(4000)")),
          Alteration.of("bit_grows", c -> retype(c, MASK, "bit(33)")));

  private MySqlTypeChanges() {}

  /** A generated column may forbid a change of the type of those that it reads. */
  private static boolean notGenerated(TableSpec table) {
    return table.find(GEN).isEmpty();
  }

  static ChangeBuilder retype(ChangeBuilder c, String id, String type) {
    return retype(c, id, type, c.table().column(id).constraints());
  }

  static ChangeBuilder retype(ChangeBuilder c, String id, String type, String constraints) {
    Column column = c.table().column(id);
    return c.clause(
        "MODIFY COLUMN %s " + (type + " " + constraints).replace("%", "%%"), column.id());
  }

  private static ChangeBuilder retypeKey(ChangeBuilder c, String type) {
    List<String> ids = c.table().keyIds();
    return retype(c, ids.get(ids.size() - 1), type);
  }

  private static Predicate<TableSpec> keyType(Set<String> types) {
    return table -> {
      List<String> ids = table.keyIds();
      return types.contains(table.column(ids.get(ids.size() - 1)).type());
    };
  }
}

package io.zdmosc.harness.workload.mysql;

import io.zdmosc.cli.server.Product;
import io.zdmosc.harness.workload.table.Alteration;
import io.zdmosc.harness.workload.table.Catalogue;
import io.zdmosc.harness.workload.table.Naming;
import io.zdmosc.harness.workload.table.PayloadIds;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The test cases of MySQL and MariaDB. */
public final class MySqlCatalogue {
  /** Names with quotes, blanks, keywords, letters beyond ASCII, and of 64 characters. */
  public static final Naming HOSTILE =
      new Naming(
          "or`der tablé; --",
          Map.of(
              PayloadIds.CNT,
              "c`nt",
              PayloadIds.NOTE,
              "select",
              PayloadIds.BIG,
              "b".repeat(64),
              PayloadIds.DOC,
              "Größe ünd 時間",
              PayloadIds.AMOUNT,
              "a'm, \"\")",
              PayloadIds.U,
              "order by",
              PayloadIds.AT,
              "$1 ?",
              "id",
              "ID",
              "code",
              " c ode\\"));

  private static final List<Alteration> CHANGES =
      Stream.of(MySqlTypeChanges.ALL, MySqlColumnChanges.ALL, MySqlOtherChanges.ALL)
          .flatMap(List::stream)
          .toList();

  public static final Catalogue MYSQL = catalogue(Product.MYSQL);
  public static final Catalogue MARIADB = catalogue(Product.MARIADB);

  private MySqlCatalogue() {}

  public static Catalogue of(Product product) {
    return product == Product.MYSQL ? MYSQL : MARIADB;
  }

  private static Catalogue catalogue(Product product) {
    return new Catalogue(
        MySqlDialect.INSTANCE, MySqlTables.INSTANCE, HOSTILE, MySqlKeys.of(product), CHANGES);
  }
}

package io.zdmosc.harness.workload.mysql;

import io.zdmosc.cli.server.Product;
import io.zdmosc.harness.workload.table.KeyKind;
import java.util.List;
import java.util.stream.Stream;

/** All kinds of keys in the catalogues: those that both products have, and each one's own. */
public final class MySqlKeys {
  private static final List<KeyKind> MYSQL = List.of(MySqlTextKeys.AI_CI_0900);
  private static final List<KeyKind> MARIADB =
      List.of(MySqlTextKeys.AI_CI_1400, MySqlOtherKeys.UUID_TYPE, MySqlOtherKeys.INET6);

  private MySqlKeys() {}

  public static List<KeyKind> of(Product product) {
    return Stream.of(
            MySqlNumberKeys.ALL,
            MySqlTextKeys.ALL,
            MySqlOtherKeys.ALL,
            product == Product.MYSQL ? MYSQL : MARIADB)
        .flatMap(List::stream)
        .toList();
  }
}

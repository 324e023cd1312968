package io.zdmosc.harness.server.mysql;

import static java.util.Objects.requireNonNull;

import io.zdmosc.cli.server.Product;
import java.util.List;

/**
 * A release to test on.
 *
 * @param product which server
 * @param series such as 8.4; also the tag of the official image
 * @param embeddable whether the server can run without Docker; such a MySQL is of the series that
 *     the machine or Debian has
 */
public record MySqlRelease(Product product, String series, boolean embeddable) {

  public static final MySqlRelease MYSQL = new MySqlRelease(Product.MYSQL, "9.7", true);
  public static final MySqlRelease MARIADB = new MySqlRelease(Product.MARIADB, "11.4", true);

  /** Every release that is tested, oldest first. */
  public static final List<MySqlRelease> ALL =
      List.of(
          new MySqlRelease(Product.MYSQL, "8.0", false),
          new MySqlRelease(Product.MYSQL, "8.4", false),
          MYSQL,
          new MySqlRelease(Product.MARIADB, "10.11", false),
          MARIADB,
          new MySqlRelease(Product.MARIADB, "11.8", false));

  public MySqlRelease {
    requireNonNull(product, "product is null");
    requireNonNull(series, "series is null");
  }

  @Override
  public String toString() {
    return product.title() + " " + series;
  }
}

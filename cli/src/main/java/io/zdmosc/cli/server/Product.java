package io.zdmosc.cli.server;

/** The two servers that share a protocol and a history. */
public enum Product {
  MYSQL("MySQL", "mysql"),
  MARIADB("MariaDB", "mariadb");

  private final String title;
  private final String id;

  Product(String title, String id) {
    this.title = title;
    this.id = id;
  }

  public String title() {
    return title;
  }

  /** What JDBC URLs, images and folders call it. */
  public String id() {
    return id;
  }
}

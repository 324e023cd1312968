package io.zdmosc.cli.connect;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a PostgreSQL JDBC URL leads.
 *
 * @param hosts in the order in which the driver tries them
 * @param database empty when the URL leaves it to the user's name
 */
record PostgresUrl(List<Host> hosts, String database) {
  static final String PREFIX = "jdbc:postgresql:";

  private static final String DEFAULT_HOST = "localhost";
  private static final String DEFAULT_PORT = "5432";

  PostgresUrl {
    hosts = List.copyOf(hosts);
  }

  record Host(String name, String port) {}

  String databaseFor(String user) {
    return database.isEmpty() ? user : database;
  }

  /** Understands {@code //host1:port1,host2/database}, {@code //host/} and {@code database}. */
  static PostgresUrl parse(JdbcUrl url) {
    String rest = url.withoutParameters().substring(PREFIX.length());
    String database = rest.startsWith("/") ? rest.substring(1) : rest;
    List<Host> hosts = new ArrayList<>();
    if (rest.startsWith("//")) {
      int slash = rest.indexOf('/', 2);
      database = slash < 0 ? "" : rest.substring(slash + 1);
      for (String host : rest.substring(2, slash < 0 ? rest.length() : slash).split(",", -1)) {
        hosts.add(host(host));
      }
    } else {
      hosts.add(new Host(DEFAULT_HOST, DEFAULT_PORT));
    }
    return new PostgresUrl(hosts, decoded(database));
  }

  /** The URL for hosts and ports as libpq's variables list them. */
  static String of(String hosts, String ports, String database) {
    String[] hostNames = hosts.split(",", -1);
    String[] portNumbers = ports.split(",", -1);
    StringBuilder url = new StringBuilder(PREFIX).append("//");
    for (int i = 0; i < hostNames.length; i++) {
      String host = hostNames[i].strip();
      String port = portNumbers[portNumbers.length == 1 ? 0 : Math.min(i, portNumbers.length - 1)];
      url.append(i == 0 ? "" : ",")
          .append(host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host)
          .append(":")
          .append(port.isBlank() ? DEFAULT_PORT : port.strip());
    }
    String encoded = URLEncoder.encode(database, StandardCharsets.UTF_8).replace("+", "%20");
    return url.append("/").append(encoded).toString();
  }

  private static Host host(String text) {
    int colon = text.lastIndexOf(':');
    boolean hasPort = colon > text.lastIndexOf(']');
    String name = hasPort ? text.substring(0, colon) : text;
    String port = hasPort ? text.substring(colon + 1) : DEFAULT_PORT;
    if (name.startsWith("[") && name.endsWith("]")) {
      name = name.substring(1, name.length() - 1);
    }
    return new Host(name.isEmpty() ? DEFAULT_HOST : name, port.isEmpty() ? DEFAULT_PORT : port);
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      // A lone percent sign: the name stands for itself.
      return text;
    }
  }
}

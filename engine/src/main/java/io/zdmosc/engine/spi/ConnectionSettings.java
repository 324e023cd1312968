package io.zdmosc.engine.spi;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * How to connect.
 *
 * @param url a JDBC URL without a password
 * @param user the database user; null for the driver's default
 * @param password null where none is needed
 * @param properties further properties for the driver
 */
public record ConnectionSettings(
    String url, String user, String password, Map<String, String> properties) {
  public ConnectionSettings {
    requireNonNull(url, "url is null");
    properties = Map.copyOf(properties);
  }

  /** Never shows the password. */
  @Override
  public String toString() {
    return "ConnectionSettings[url=" + url + ", user=" + user + "]";
  }
}

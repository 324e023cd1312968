package io.zdmosc.engine.spi;

/** Opens databases of one kind. */
public interface Connector {
  /** True when this connector serves JDBC URLs like this one. */
  boolean accepts(String jdbcUrl);

  /**
   * Connects.
   *
   * @throws io.zdmosc.engine.error.RefusedException when that fails, with the reason
   */
  Database connect(ConnectionSettings settings);
}

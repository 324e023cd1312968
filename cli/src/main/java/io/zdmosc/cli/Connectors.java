package io.zdmosc.cli;

import io.zdmosc.engine.spi.Connector;
import io.zdmosc.mysql.MySqlConnector;
import io.zdmosc.postgres.PostgresConnector;
import java.util.List;

/** The databases that this build serves. */
final class Connectors {
  private Connectors() {}

  static List<Connector> all() {
    return List.of(new PostgresConnector(), new MySqlConnector());
  }
}

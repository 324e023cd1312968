package io.zdmosc.harness.migration;

import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.Connector;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.mysql.MySqlConnector;
import io.zdmosc.postgres.PostgresConnector;
import java.util.Map;
import java.util.stream.Stream;

/** Opens databases of every kind. */
public final class AnyDatabase {
  private AnyDatabase() {}

  public static Database open(TestDatabase database) {
    return open(database.jdbcUrl(), database.user(), database.password());
  }

  public static Database open(String url, String user, String password) {
    Connector connector =
        Stream.of(new PostgresConnector(), new MySqlConnector())
            .filter(each -> each.accepts(url))
            .findFirst()
            .orElseThrow();
    return connector.connect(new ConnectionSettings(url, user, password, Map.of()));
  }
}

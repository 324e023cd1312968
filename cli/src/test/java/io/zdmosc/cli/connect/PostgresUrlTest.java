package io.zdmosc.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.cli.connect.PostgresUrl.Host;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresUrlTest {
  @ParameterizedTest
  @CsvSource({
    "jdbc:postgresql://h:1/d, h, 1, d",
    "jdbc:postgresql://h/d?ssl=true, h, 5432, d",
    "jdbc:postgresql://h:/d, h, 5432, d",
    "jdbc:postgresql://h/, h, 5432, ''",
    "jdbc:postgresql://h, h, 5432, ''",
    "jdbc:postgresql:///d, localhost, 5432, d",
    "jdbc:postgresql:d, localhost, 5432, d",
    "jdbc:postgresql:/, localhost, 5432, ''",
    "jdbc:postgresql://[::1]:1/d, ::1, 1, d",
    "jdbc:postgresql://h/a%2Fb%20c, h, 5432, a/b c"
  })
  void knowsHostPortAndDatabase(String url, String host, String port, String database) {
    PostgresUrl parsed = PostgresUrl.parse(new JdbcUrl(url));
    assertThat(parsed.hosts()).containsExactly(new Host(host, port));
    assertThat(parsed.database()).isEqualTo(database);
  }

  @Test
  void knowsAllHosts() {
    assertThat(PostgresUrl.parse(new JdbcUrl("jdbc:postgresql://a:1,b/d")).hosts())
        .containsExactly(new Host("a", "1"), new Host("b", "5432"));
  }

  @ParameterizedTest
  @CsvSource({
    "h, 5433, d, jdbc:postgresql://h:5433/d",
    "'a,b', 5433, d, 'jdbc:postgresql://a:5433,b:5433/d'",
    "'a,b', '1,2', d, 'jdbc:postgresql://a:1,b:2/d'",
    "'a,b', '1,', d, 'jdbc:postgresql://a:1,b:5432/d'",
    "::1, 5432, d, jdbc:postgresql://[::1]:5432/d",
    "h, 5432, a/b c?d, jdbc:postgresql://h:5432/a%2Fb%20c%3Fd"
  })
  void isBuiltFromLibpqsVariables(String hosts, String ports, String database, String expected) {
    assertThat(PostgresUrl.of(hosts, ports, database)).isEqualTo(expected);
  }

  @Test
  void fallsBackToTheUsersNameAsDatabase() {
    assertThat(PostgresUrl.parse(new JdbcUrl("jdbc:postgresql://h/")).databaseFor("eve"))
        .isEqualTo("eve");
  }
}

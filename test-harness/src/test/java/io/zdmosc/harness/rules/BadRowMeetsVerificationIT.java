package io.zdmosc.harness.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.Flusher;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.engine.spi.Settlement;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import io.zdmosc.harness.server.mysql.MySqlRelease;
import io.zdmosc.harness.server.mysql.SharedMySqlServers;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Verification reads a row that the change cannot convert, before the flush does. */
class BadRowMeetsVerificationIT {

  @Test
  void isNamedOnPostgres() throws Exception {
    try (TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor())) {
      isNamed(database, "ALTER COLUMN v TYPE int USING v::int");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.zdmosc.harness.server.mysql.SharedMySqlServers#newest")
  void isNamedOnMySql(MySqlRelease release) throws Exception {
    try (TestDatabase database = SharedMySqlServers.freshDatabase(release)) {
      isNamed(database, "MODIFY v INT NOT NULL");
    }
  }

  private static void isNamed(TestDatabase database, String alter) throws SQLException {
    database.execute(
        "CREATE TABLE t (id int PRIMARY KEY, v varchar(20) NOT NULL)",
        "INSERT INTO t VALUES (1, '1'), (2, '2'), (3, '3')");
    try (Run run = Run.start(database, "t", alter, change -> new LateRow(change, database))) {
      assertThatThrownBy(run::await)
          .isInstanceOf(MigrationFailedException.class)
          .hasMessageContaining("A row that the application wrote to")
          .hasMessageContaining("key 2")
          .hasMessageContaining("12x");
    }
    assertThat(database.queryText("SELECT v FROM t WHERE id = 2")).isEqualTo("12x");
  }

  /** From the verification on nothing is flushed. */
  private static final class LateRow extends ForcedChange {
    private final TestDatabase database;
    private volatile boolean written;

    LateRow(PreparedChange change, TestDatabase database) {
      super(change);
      this.database = database;
    }

    @Override
    void beforeVerification() {
      try {
        written = true;
        database.execute("UPDATE t SET v = '12x' WHERE id = 2");
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    Flusher flusher(Flusher real) {
      return new FlusherDelegate(real) {
        @Override
        public Settlement settlement() {
          Settlement settlement = super.settlement();
          return transaction -> !written && settlement.contains(transaction);
        }
      };
    }
  }
}

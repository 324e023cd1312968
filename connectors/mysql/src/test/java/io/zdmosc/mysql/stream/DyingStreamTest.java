package io.zdmosc.mysql.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zdmosc.engine.spi.ChangeListener;
import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.Position;
import io.zdmosc.engine.spi.SourceTransaction;
import io.zdmosc.mysql.sql.SessionFactory;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A stream whose thread meets an error that nobody is prepared for. */
class DyingStreamTest {
  private static final Error DEATH = new NoClassDefFoundError("gone");

  private static final BinlogPosition PLACE = BinlogPosition.of("binlog.000001", 4);
  private static final LogStart START = new LogStart(PLACE, PLACE, null, true, Optional.empty());

  private final SessionFactory sessions =
      new SessionFactory(new ConnectionSettings("jdbc:dying:x", "me", null, Map.of()));
  private final CompletableFuture<RuntimeException> heard = new CompletableFuture<>();
  private final Driver driver = new DyingDriver();

  @BeforeEach
  void register() throws SQLException {
    DriverManager.registerDriver(driver);
  }

  @AfterEach
  void deregister() throws SQLException {
    DriverManager.deregisterDriver(driver);
  }

  @Test
  void theRunHearsOfIt() throws Exception {
    StreamSettings settings =
        new StreamSettings(sessions, START, 1, "shop", "users", List.of("id"));
    try (ChangeStream stream = new BinlogStream(settings)) {
      stream.start(new Listener());
      assertThat(heard.get(1, TimeUnit.MINUTES)).hasCause(DEATH);
    }
  }

  /** It would be taken for being written, and never be written again. */
  @Test
  void theNextPlaceInTheLogIsNotWrittenEither() {
    FileIdentity files = new FileIdentity();
    files.met(PLACE.file(), 1);
    try (DurablePosition durable = new DurablePosition(sessions, 1, files)) {
      durable.write(PLACE);
      await().untilAsserted(() -> assertThatThrownBy(() -> durable.write(PLACE)).hasCause(DEATH));
    }
  }

  private static final class DyingDriver implements Driver {
    @Override
    public Connection connect(String url, Properties info) {
      if (acceptsURL(url)) {
        throw DEATH;
      }
      return null;
    }

    @Override
    public boolean acceptsURL(String url) {
      return url.startsWith("jdbc:dying:");
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
      return new DriverPropertyInfo[0];
    }

    @Override
    public int getMajorVersion() {
      return 1;
    }

    @Override
    public int getMinorVersion() {
      return 0;
    }

    @Override
    public boolean jdbcCompliant() {
      return false;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
      throw new SQLFeatureNotSupportedException();
    }
  }

  private final class Listener implements ChangeListener {
    @Override
    public boolean ready() {
      return true;
    }

    @Override
    public void onChange(Key key, SourceTransaction transaction) {
      throw new AssertionError("nothing was read");
    }

    @Override
    public void onProgress(Position position) {
      throw new AssertionError("nothing was read");
    }

    @Override
    public void onFence(String token) {
      throw new AssertionError("nothing was read");
    }

    @Override
    public void onTruncate() {
      throw new AssertionError("nothing was read");
    }

    @Override
    public void onFailure(RuntimeException failure) {
      heard.complete(failure);
    }
  }
}

package io.zdmosc.harness.server.mysql;

import com.github.dockerjava.api.DockerClient;
import io.zdmosc.cli.server.Product;
import io.zdmosc.harness.server.FreePort;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.testcontainers.containers.JdbcDatabaseContainer;
import org.testcontainers.mariadb.MariaDBContainer;
import org.testcontainers.mysql.MySQLContainer;
import org.testcontainers.utility.DockerImageName;

/** A server in a container of the official image. Its port is bound by us, to survive restarts. */
final class DockerMySqlServer implements MySqlServer {

  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final MySqlSpec spec;
  private final int port;
  private final JdbcDatabaseContainer<?> container;

  private DockerMySqlServer(MySqlSpec spec, int port, JdbcDatabaseContainer<?> container) {
    this.spec = spec;
    this.port = port;
    this.container = container;
  }

  // The container is closed by close().
  @SuppressWarnings("resource")
  static DockerMySqlServer start(MySqlSpec spec) {
    int port = FreePort.find();
    JdbcDatabaseContainer<?> container = container(spec.release());
    container
        .withUsername(MySqlSpec.USER)
        .withPassword(MySqlSpec.PASSWORD)
        .withDatabaseName("test")
        .withCommand(spec.arguments().toArray(String[]::new));
    container.setPortBindings(List.of("127.0.0.1:" + port + ":3306"));
    container.start();
    DockerMySqlServer server = new DockerMySqlServer(spec, port, container);
    server.awaitAnswer();
    return server;
  }

  private static JdbcDatabaseContainer<?> container(MySqlRelease release) {
    DockerImageName image = DockerImageName.parse(release.product().id() + ":" + release.series());
    return release.product() == Product.MYSQL
        ? new MySQLContainer(image)
        : new MariaDBContainer(image);
  }

  @Override
  public MySqlSpec spec() {
    return spec;
  }

  @Override
  public String kind() {
    return "docker";
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public void stop() {
    docker().stopContainerCmd(container.getContainerId()).withTimeout(60).exec();
  }

  @Override
  public void killImmediately() {
    docker().killContainerCmd(container.getContainerId()).exec();
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () ->
                !Boolean.TRUE.equals(container.getCurrentContainerInfo().getState().getRunning()));
  }

  @Override
  public void startAgain() {
    docker().startContainerCmd(container.getContainerId()).exec();
    awaitAnswer();
  }

  private void awaitAnswer() {
    Awaitility.await().atMost(PATIENCE).until(this::answers);
  }

  private boolean answers() {
    try (Connection connection = connect()) {
      return connection.isValid(5);
    } catch (SQLException e) {
      return false;
    }
  }

  @Override
  public void pause() {
    docker().pauseContainerCmd(container.getContainerId()).exec();
  }

  @Override
  public void resume() {
    docker().unpauseContainerCmd(container.getContainerId()).exec();
  }

  private DockerClient docker() {
    return container.getDockerClient();
  }

  @Override
  public void close() {
    container.stop();
  }
}

package io.zdmosc.harness.server;

import com.github.dockerjava.api.DockerClient;
import io.zdmosc.cli.server.ServerException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** A server in a container of the official image. Its port is bound by us, to survive restarts. */
final class DockerPostgresServer implements PostgresServer {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final int major;
  private final int port;
  private final PostgreSQLContainer container;

  private DockerPostgresServer(int major, int port, PostgreSQLContainer container) {
    this.major = major;
    this.port = port;
    this.container = container;
  }

  // The container is closed by close().
  @SuppressWarnings("resource")
  static DockerPostgresServer start(ServerSpec spec) {
    List<String> command = new ArrayList<>(List.of("postgres"));
    spec.settings().forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
    int port = FreePort.find();
    PostgreSQLContainer container =
        new PostgreSQLContainer(DockerImageName.parse("postgres:" + spec.major()))
            .withUsername(ServerSpec.USER)
            .withPassword(ServerSpec.PASSWORD)
            .withDatabaseName("postgres")
            .withEnv("POSTGRES_INITDB_ARGS", "--encoding=UTF8 --no-locale")
            .withCommand(command.toArray(String[]::new));
    container.setPortBindings(List.of("127.0.0.1:" + port + ":5432"));
    container.start();
    return new DockerPostgresServer(spec.major(), port, container);
  }

  @Override
  public int major() {
    return major;
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
    docker().stopContainerCmd(container.getContainerId()).exec();
  }

  @Override
  public void killImmediately() {
    docker().killContainerCmd(container.getContainerId()).withSignal("SIGQUIT").exec();
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () ->
                !Boolean.TRUE.equals(container.getCurrentContainerInfo().getState().getRunning()));
  }

  @Override
  public void startAgain() {
    docker().startContainerCmd(container.getContainerId()).exec();
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
  public void pauseBackend(long pid) {
    signal("-STOP", pid);
  }

  @Override
  public void resumeBackend(long pid) {
    signal("-CONT", pid);
  }

  private void signal(String option, long pid) {
    try {
      ExecResult result = container.execInContainer("bash", "-c", "kill " + option + " " + pid);
      if (result.getExitCode() != 0) {
        throw new ServerException("cannot signal " + pid + ": " + result.getStderr());
      }
    } catch (IOException e) {
      throw new ServerException("cannot signal " + pid, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerException("interrupted while signalling " + pid, e);
    }
  }

  private DockerClient docker() {
    return container.getDockerClient();
  }

  @Override
  public void close() {
    container.stop();
  }
}

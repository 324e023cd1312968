package io.zdmosc.engine.guard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a server runs on this machine, so that its disks can be looked at.
 *
 * <p>An address proves nothing: a tunnel begins on this machine too. But the server says from which
 * port it sees us come, and only if nothing lies between is that port one of this machine, with the
 * server's port at its other end. The system's table of connections tells; without such a table, as
 * on anything but Linux, no server counts as local.
 */
public final class LocalServer {
  private static final Logger LOG = LoggerFactory.getLogger(LocalServer.class);
  private static final List<Path> TABLES =
      List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

  private LocalServer() {}

  /**
   * Whether this machine has a connection between these ports.
   *
   * @param clientPort of our connection, as the server sees it
   * @param serverPort that the server listens on
   */
  public static boolean isHere(int clientPort, int serverPort) {
    String client = ":%04X".formatted(clientPort);
    String server = ":%04X".formatted(serverPort);
    return TABLES.stream().anyMatch(table -> hasConnection(table, client, server));
  }

  private static boolean hasConnection(Path table, String local, String remote) {
    try (Stream<String> lines = Files.lines(table)) {
      return lines
          .map(line -> line.strip().split("\\s+"))
          .anyMatch(
              columns ->
                  columns.length > 2 && columns[1].endsWith(local) && columns[2].endsWith(remote));
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("{} cannot be read: {}", table, e.toString());
      return false;
    }
  }

  /**
   * The room on the disks of these folders, each disk once; what cannot be looked at is left out.
   *
   * @param folders by what lies there
   */
  public static List<DiskSpace> disks(Map<String, String> folders) {
    List<DiskSpace> disks = new ArrayList<>();
    Set<FileStore> seen = new HashSet<>();
    folders.forEach(
        (what, folder) ->
            store(folder)
                .filter(seen::add)
                .flatMap(store -> space(what + " (" + folder + ")", store))
                .ifPresent(disks::add));
    return disks;
  }

  private static Optional<FileStore> store(String folder) {
    try {
      return Optional.of(Files.getFileStore(Path.of(folder)));
    } catch (IOException e) {
      LOG.debug("no disk is seen at {}: {}", folder, e.toString());
      return Optional.empty();
    }
  }

  private static Optional<DiskSpace> space(String name, FileStore store) {
    try {
      return Optional.of(new DiskSpace(name, store.getUsableSpace(), store.getTotalSpace()));
    } catch (IOException e) {
      LOG.debug("the room at {} is not known: {}", name, e.toString());
      return Optional.empty();
    }
  }
}

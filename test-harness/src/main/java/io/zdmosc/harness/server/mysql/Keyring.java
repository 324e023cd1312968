package io.zdmosc.harness.server.mysql;

import io.zdmosc.cli.server.MySqlProgram;
import io.zdmosc.cli.server.Product;
import io.zdmosc.cli.server.ServerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Starts an embedded MySQL with a keyring, so that it can encrypt tables. The server looks for a
 * manifest beside its program, and for the component's settings beside the component; so it is
 * started by way of a link in a folder of its own.
 */
public final class Keyring {
  private static final String COMPONENT = "component_keyring_file";
  private static final String PLUGINS = "--plugin-dir=";

  private Keyring() {}

  /** Whether the embedded server of this product comes with one. */
  public static boolean isThere(Product product) {
    return product == Product.MYSQL
        && plugins(Programs.of(product))
            .filter(folder -> Files.exists(folder.resolve(COMPONENT + ".so")))
            .isPresent();
  }

  private static Optional<Path> plugins(MySqlProgram program) {
    return program.command().stream()
        .filter(argument -> argument.startsWith(PLUGINS))
        .map(argument -> Path.of(argument.substring(PLUGINS.length())))
        .findFirst();
  }

  /** The program with a keyring whose files are below this folder. */
  static MySqlProgram in(Path folder, MySqlProgram program) {
    Path plugins = plugins(program).orElseThrow();
    Path home = folder.resolve("keyring");
    try {
      Files.createDirectories(home);
      Files.copy(plugins.resolve(COMPONENT + ".so"), home.resolve(COMPONENT + ".so"));
      Files.writeString(
          home.resolve(COMPONENT + ".cnf"),
          "{\"path\": \"" + home.resolve("keys") + "\", \"read_only\": false}");
      Files.writeString(
          home.resolve("mysqld.my"), "{\"components\": \"file://" + COMPONENT + "\"}");
      Path link = home.resolve("mysqld");
      Files.createSymbolicLink(link, mysqld(program));
      List<String> command =
          program.command().stream()
              .map(argument -> argument.equals(mysqld(program).toString()) ? "" + link : argument)
              .map(argument -> argument.startsWith(PLUGINS) ? PLUGINS + home : argument)
              .toList();
      return new MySqlProgram(program.product(), program.version(), command, program.share());
    } catch (IOException e) {
      throw new ServerException("cannot make a keyring in " + home, e);
    }
  }

  private static Path mysqld(MySqlProgram program) {
    return program.command().stream()
        .filter(argument -> argument.endsWith("/mysqld"))
        .map(Path::of)
        .findFirst()
        .orElseThrow();
  }
}

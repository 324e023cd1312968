package io.zdmosc.cli.server;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server's program and the arguments that it needs wherever it runs.
 *
 * @param product what it is
 * @param version such as "9.7.4-2"
 * @param command the program with its arguments; a data folder is still to be named
 * @param share where its messages and the SQL of its system tables lie; of use for MariaDB only
 */
public record MySqlProgram(Product product, String version, List<String> command, Path share) {
  private static final Pattern VERSION = Pattern.compile("Ver (\\S+)");

  public MySqlProgram {
    command = List.copyOf(command);
  }

  /**
   * Asks the program what it is.
   *
   * @param program the program, perhaps behind its loader
   * @param arguments where its own files lie
   */
  static MySqlProgram of(List<String> program, Path share, String... arguments) {
    requireNonNull(share, "share is null");
    String answer = Commands.run(plus(program, "--no-defaults", "--version"));
    Matcher matcher = VERSION.matcher(answer);
    if (!matcher.find()) {
      throw new ServerException(String.join(" ", program) + " is no MySQL server: " + answer);
    }
    List<String> command = plus(program, "--no-defaults");
    command.addAll(List.of(arguments));
    if (System.getProperty("user.name").equals("root")) {
      command.add("--user=root");
    }
    Product product = answer.contains("MariaDB") ? Product.MARIADB : Product.MYSQL;
    return new MySqlProgram(product, matcher.group(1), command, share);
  }

  /** Returns the command with more arguments. */
  public List<String> with(List<String> arguments) {
    return plus(command, arguments.toArray(String[]::new));
  }

  private static List<String> plus(List<String> command, String... arguments) {
    List<String> longer = new ArrayList<>(command);
    longer.addAll(List.of(arguments));
    return longer;
  }
}

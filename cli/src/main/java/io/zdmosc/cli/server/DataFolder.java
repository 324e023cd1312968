package io.zdmosc.cli.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes data folders with system tables and a superuser. Initialising takes seconds, so it is done
 * once per version, and copied.
 */
public final class DataFolder {
  /** The superuser of every new data folder, and the password: change it where that matters. */
  public static final String USER = "root";

  public static final String PASSWORD = "root";

  private static final String GRANT = "GRANT ALL PRIVILEGES ON *.* TO %s WITH GRANT OPTION;";
  private static final String SUPERUSER = "'" + USER + "'@'%'";

  /** In this order; one statement may not begin on a line where another ends. */
  private static final List<String> MARIADB_TABLES =
      List.of(
          "system_tables.sql",
          "performance_tables.sql",
          "system_tables_data.sql",
          "maria_add_gis_sp_bootstrap.sql",
          "sys_schema.sql");

  /** MariaDB 10 has MySQL's name in those of its files. */
  private static final List<String> PREFIXES = List.of("mariadb_", "mysql_", "");

  private DataFolder() {}

  /** Whether the SQL of MariaDB's system tables lies here. */
  static boolean hasSystemTables(Path share) {
    return script(share, MARIADB_TABLES.get(0)).isPresent();
  }

  private static Optional<Path> script(Path share, String name) {
    return PREFIXES.stream()
        .map(prefix -> share.resolve(prefix + name))
        .filter(Files::exists)
        .findFirst();
  }

  /**
   * Makes a data folder.
   *
   * @param lowerCase the value of lower_case_table_names, which cannot be changed afterwards
   */
  public static void create(CacheFolder cache, MySqlProgram program, Path data, String lowerCase) {
    Path template =
        cache.get(
            String.format("data-%s-%s-%s", program.product().id(), program.version(), lowerCase),
            folder -> initialise(program, folder, lowerCase));
    try {
      Folders.copy(template, data, file -> true);
    } catch (IOException e) {
      throw new ServerException("cannot copy " + template, e);
    }
  }

  private static void initialise(MySqlProgram program, Path data, String lowerCase)
      throws IOException {
    Path sql = Files.createTempFile("zdm-osc", ".sql");
    try {
      List<String> common = List.of("--datadir=" + data, "--lower_case_table_names=" + lowerCase);
      if (program.product() == Product.MYSQL) {
        initialiseMySql(program, common, sql);
      } else {
        initialiseMariaDb(program, common, sql);
      }
      // Each copy gives itself an identity of its own.
      Files.deleteIfExists(data.resolve("auto.cnf"));
    } finally {
      Files.delete(sql);
    }
  }

  private static void initialiseMySql(MySqlProgram program, List<String> common, Path sql)
      throws IOException {
    Files.write(
        sql,
        List.of(
            "CREATE USER " + SUPERUSER + " IDENTIFIED BY '" + PASSWORD + "';",
            String.format(GRANT, SUPERUSER)));
    List<String> arguments = new ArrayList<>(common);
    arguments.add("--initialize-insecure");
    arguments.add("--init-file=" + sql);
    arguments.add("--innodb-redo-log-capacity=16M");
    Commands.run(program.with(arguments));
  }

  private static void initialiseMariaDb(MySqlProgram program, List<String> common, Path sql)
      throws IOException {
    List<String> script = new ArrayList<>(List.of("CREATE DATABASE mysql;", "USE mysql;"));
    for (String file : MARIADB_TABLES) {
      script.addAll(
          Files.readAllLines(
              script(program.share(), file)
                  .orElseThrow(
                      () -> new ServerException("no " + file + " in " + program.share()))));
    }
    script.add("DELETE FROM mysql.global_priv WHERE User IN ('', '" + USER + "');");
    script.add("FLUSH PRIVILEGES;");
    script.add("CREATE USER " + SUPERUSER + " IDENTIFIED BY '" + PASSWORD + "';");
    script.add(String.format(GRANT, SUPERUSER));
    Files.write(sql, script);
    List<String> arguments = new ArrayList<>(common);
    arguments.addAll(
        List.of(
            "--bootstrap",
            "--innodb-log-file-size=16M",
            "--max-allowed-packet=8M",
            "--net-buffer-length=16K"));
    Commands.run(program.with(arguments), sql);
  }
}

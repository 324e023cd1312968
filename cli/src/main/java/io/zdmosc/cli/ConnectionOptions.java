package io.zdmosc.cli;

import picocli.CommandLine.Option;

/** Options that say how to connect. */
final class ConnectionOptions {
  @Option(
      names = "--url",
      order = 20,
      paramLabel = "URL",
      description = {
        "JDBC URL, such as jdbc:postgresql://host:5432/database?sslmode=verify-full,"
            + " jdbc:mysql://host:3306/database or jdbc:mariadb://host:3306/database; its"
            + " parameters go to the driver. It must not hold a password.",
        "Default: from PGHOST, PGPORT and PGDATABASE"
      })
  String url;

  @Option(
      names = "--user",
      order = 21,
      paramLabel = "NAME",
      description =
          "User to connect as. Default: the URL's, then PGUSER, ~/.mylogin.cnf's or ~/.my.cnf's,"
              + " then the system's")
  String user;

  @Option(
      names = "--password-file",
      order = 22,
      paramLabel = "FILE",
      description = {
        "File whose first line is the password.",
        "Default: PGPASSWORD, then ~/.pgpass or PGPASSFILE; MYSQL_PWD, then ~/.mylogin.cnf, then"
            + " ~/.my.cnf; then a prompt where one is possible"
      })
  String passwordFile;
}

package io.zdmosc.cli;

import io.zdmosc.cli.config.Settings;
import io.zdmosc.cli.connect.ConnectionResolver;
import io.zdmosc.cli.connect.DatabaseOpener;
import io.zdmosc.cli.connect.MySqlDefaults;
import io.zdmosc.cli.connect.PasswordFile;
import io.zdmosc.cli.connect.PostgresDefaults;
import io.zdmosc.cli.connect.Prompt;
import io.zdmosc.engine.spi.ConnectionSettings;
import io.zdmosc.engine.spi.Database;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;

/** A command that works on a server of the user's. */
abstract class ServerCommand extends ToolCommand {
  @Mixin ConnectionOptions connectionOptions;

  ServerCommand(Context context) {
    super(context);
  }

  /** How to connect, by settings and environment; problems are recorded. */
  final Optional<ConnectionSettings> connection(Settings settings) {
    PostgresDefaults postgres =
        new PostgresDefaults(
            context().environment(), context().home(), settings.problems(), context()::warn);
    MySqlDefaults mySql =
        new MySqlDefaults(context().environment(), context().home(), context()::warn);
    PasswordFile passwordFile =
        new PasswordFile(context().directory(), settings.problems(), context()::warn);
    return new ConnectionResolver(settings, List.of(postgres, mySql), passwordFile).resolve();
  }

  final Database open(ConnectionSettings connection) {
    return open(connection, context().prompt());
  }

  /** For a process that nobody watches. */
  final Database openUnasked(ConnectionSettings connection) {
    return open(connection, Prompt.NOBODY);
  }

  private Database open(ConnectionSettings connection, Prompt prompt) {
    return new DatabaseOpener(context().connectors().get(), prompt).open(connection);
  }
}

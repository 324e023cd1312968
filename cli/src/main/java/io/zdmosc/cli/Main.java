package io.zdmosc.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command line's entry point. */
@Command(
    name = "zdm-osc",
    description = "Online schema changes through a change stream, without triggers.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n",
    footer = {
      "  zdm-osc demo",
      "  zdm-osc plan --url jdbc:postgresql://host/shop --table users \\",
      "      --alter 'ADD COLUMN plan text'",
      "  zdm-osc run --url jdbc:postgresql://host/shop --table users \\",
      "      --alter 'ADD COLUMN plan text'",
      "",
      "'zdm-osc help COMMAND' explains a command with all its options."
    })
public final class Main implements Callable<Integer> {
  private final Context context;

  @Spec private CommandSpec spec;

  private Main(Context context) {
    this.context = context;
  }

  public static void main(String[] args) throws IOException {
    if (args.length == 1 && args[0].equals("--version")) {
      // Scripts ask for it often; it need not wait until all commands are loaded.
      System.out.println(VersionProvider.version());
      return;
    }
    System.exit(commandLine(Context.ofProcess()).execute(args));
  }

  /** All commands, in surroundings of the caller's choice. */
  static CommandLine commandLine(Context context) {
    CommandLine root = new CommandLine(new Main(context));
    root.addSubcommand("run", new RunCommand(context));
    root.addSubcommand("resume", new ResumeCommand(context));
    root.addSubcommand("status", new StatusCommand(context));
    root.addSubcommand("history", new HistoryCommand(context));
    root.addSubcommand("pause", new PauseCommand(context));
    root.addSubcommand("throttle", new ThrottleCommand(context));
    root.addSubcommand("cut-over", new CutOverCommand(context));
    root.addSubcommand("follow", new FollowCommand(context));
    root.addSubcommand("rollback", new RollbackCommand(context));
    root.addSubcommand("contract", new ContractCommand(context));
    root.addSubcommand("abort", new AbortCommand(context));
    root.addSubcommand("serve", new ServeCommand(context));
    root.addSubcommand("schedule", ScheduleCommand.commandLine(context));
    root.addSubcommand("plan", new PlanCommand(context));
    root.addSubcommand("cleanup", new CleanupCommand(context));
    root.addSubcommand("traffic", new TrafficCommand(context));
    root.addSubcommand("demo", new DemoCommand(context));
    root.addSubcommand("help", new CommandLine.HelpCommand());
    root.setOut(new PrintWriter(context.out(), true, Charset.defaultCharset()));
    root.setErr(new PrintWriter(context.err(), true, Charset.defaultCharset()));
    root.setExpandAtFiles(false);
    root.setAllowOptionsAsOptionParameters(false);
    root.setUsageHelpAutoWidth(true);
    // All mistakes are reported together, by the command itself.
    collectErrors(root);
    return root;
  }

  private static void collectErrors(CommandLine command) {
    command.getCommandSpec().parser().collectErrors(true);
    command.getSubcommands().values().forEach(Main::collectErrors);
  }

  /** Called when no command is named, or one that there is not. */
  @Override
  public Integer call() {
    return Usage.show(spec.commandLine(), context);
  }
}

package io.zdmosc.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The commands about migrations that are kept for later. */
@Command(
    name = "schedule",
    header = "Keeps migrations for later; 'zdm-osc serve' carries them out.",
    synopsisSubcommandLabel = "add|list|retry|remove",
    description = "%nThe schedule is in the control schema, beside the tables it is about.%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  zdm-osc schedule add --url jdbc:postgresql://db/shop --user app --table users \\",
      "      --alter 'ADD COLUMN plan text' --window '01:00-05:00 Europe/Berlin'",
      "  zdm-osc schedule list --url jdbc:postgresql://db/shop --user app",
      "  zdm-osc schedule remove --url jdbc:postgresql://db/shop --user app --id 3",
      "",
      "'zdm-osc schedule add --help' explains all its options."
    })
final class ScheduleCommand implements Callable<Integer> {
  private final Context context;

  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this help.")
  boolean help;

  private ScheduleCommand(Context context) {
    this.context = context;
  }

  /** With its subcommands. */
  static CommandLine commandLine(Context context) {
    CommandLine group = new CommandLine(new ScheduleCommand(context));
    group.addSubcommand("add", new ScheduleAddCommand(context));
    group.addSubcommand("list", new ScheduleListCommand(context));
    group.addSubcommand("retry", new ScheduleRetryCommand(context));
    group.addSubcommand("remove", new ScheduleRemoveCommand(context));
    return group;
  }

  /** Called when none of them is named, or one that there is not. */
  @Override
  public Integer call() {
    return Usage.show(spec.commandLine(), context);
  }
}

package io.zdmosc.cli;

import io.zdmosc.cli.config.Suggestion;
import io.zdmosc.engine.error.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** What picocli did not understand, in the words of this tool. */
final class ParseErrors {
  private ParseErrors() {}

  /** The problems of one command's own arguments. */
  static List<Problem> of(ParseResult parsed) {
    String command = parsed.commandSpec().qualifiedName();
    List<Problem> problems = new ArrayList<>();
    for (Exception error : parsed.errors()) {
      if (error instanceof UnmatchedArgumentException unmatched) {
        problems.addAll(unmatched(unmatched, command));
      } else if (error instanceof MissingParameterException missing) {
        problems.add(missing(missing, command));
      } else if (error instanceof OverwrittenOptionException overwritten) {
        String option = nameOf(overwritten.getOverwritten());
        problems.add(new Problem(option, "is given twice", "Give it once."));
      } else {
        problems.add(new Problem("command line", firstLine(error.getMessage()), seeHelp(command)));
      }
    }
    return problems;
  }

  private static List<Problem> unmatched(UnmatchedArgumentException error, String command) {
    boolean group = !error.getCommandLine().getSubcommands().isEmpty();
    List<String> suggestions = error.getSuggestions();
    List<Problem> problems = new ArrayList<>();
    for (String argument : error.getUnmatched()) {
      boolean option = argument.startsWith("-");
      String what = group && !option ? "is not a command" : "is not an option of '" + command + "'";
      String remedy = seeHelp(command);
      if (group && !option) {
        remedy =
            Suggestion.closest(argument, error.getCommandLine().getSubcommands().keySet())
                .map(name -> "Did you mean '" + name + "'?")
                .orElse(remedy);
      } else if (problems.isEmpty() && !suggestions.isEmpty()) {
        remedy =
            suggestions.stream()
                .limit(3)
                .map(suggestion -> "'" + suggestion + "'")
                .collect(Collectors.joining(" or ", "Did you mean ", "?"));
      }
      problems.add(new Problem(argument, what, remedy));
      if (group) {
        break;
      }
    }
    return problems;
  }

  private static Problem missing(MissingParameterException error, String command) {
    if (error.getMissing().isEmpty()) {
      return new Problem("command line", firstLine(error.getMessage()), seeHelp(command));
    }
    String option = nameOf(error.getMissing().get(0));
    return new Problem(option, "has no value", seeHelp(command));
  }

  private static String nameOf(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }

  private static String seeHelp(String command) {
    String name = command.replaceFirst("^zdm-osc ?", "");
    return name.contains(" ")
        ? "See 'zdm-osc " + name + " --help'."
        : "See '" + ("zdm-osc help " + name).strip() + "'.";
  }

  private static String firstLine(String text) {
    return text == null ? "cannot be understood" : text.lines().findFirst().orElse("");
  }
}

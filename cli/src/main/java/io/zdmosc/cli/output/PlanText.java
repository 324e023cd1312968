package io.zdmosc.cli.output;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.plan.Estimate;
import io.zdmosc.engine.plan.Plan;
import java.util.ArrayList;
import java.util.List;

/** A plan or an estimate, for people. */
public final class PlanText {
  private PlanText() {}

  /** Everything: columns, steps with their locks, warnings. */
  public static List<String> full(Plan plan) {
    List<String> lines = new ArrayList<>(head(plan));
    lines.add("");
    lines.add("Columns of the new table");
    TextTable columns = new TextTable("name", "type", "values from", "");
    for (Plan.ColumnPlan column : plan.columns()) {
      columns.row(
          column.name(), column.type(), column.origin(), column.compared() ? "" : "not compared");
    }
    lines.addAll(columns.lines());
    lines.add("");
    lines.add("Steps");
    TextTable steps = new TextTable("", "what", "lock on the table", "held");
    int number = 0;
    for (Plan.PlanStep step : plan.steps()) {
      number++;
      steps.row(
          Integer.toString(number),
          step.what(),
          step.lock().isEmpty() ? "none" : step.lock(),
          step.held());
    }
    lines.addAll(steps.lines());
    plan.wayBack().ifPresent(way -> lines.addAll(wayBack(way)));
    lines.addAll(warnings(plan));
    return lines;
  }

  /** How the old table would be kept in step, with --hold. */
  private static List<String> wayBack(Plan.WayBack way) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("The way back, with --hold");
    TextTable columns = new TextTable("column of the old table", "type", "values from", "");
    for (Plan.ColumnPlan column : way.columns()) {
      columns.row(
          column.name(), column.type(), column.origin(), column.compared() ? "" : "not compared");
    }
    lines.addAll(columns.lines());
    for (Problem missing : way.missing()) {
      lines.add("Missing    " + missing.object() + " " + missing.what() + remedy(missing));
    }
    for (String note : way.notes()) {
      lines.add("Note       " + note);
    }
    return lines;
  }

  /** An option to give, or a sentence. */
  private static String remedy(Problem missing) {
    return (missing.remedy().startsWith("--") ? "; give " : ". ") + missing.remedy();
  }

  /** What somebody wants to see who is about to watch the plan being carried out. */
  public static List<String> brief(Plan plan) {
    List<String> lines = new ArrayList<>(head(plan));
    lines.addAll(warnings(plan));
    return lines;
  }

  /** What a dry run expects of the real one. */
  public static List<String> of(Estimate estimate) {
    return List.of(
        "",
        "Expected of the real run, from " + Quantity.count(estimate.sampleRows(), "row") + ":",
        "  time       "
            + Quantity.seconds(estimate.totalSeconds())
            + " (copy "
            + Quantity.seconds(estimate.copySeconds())
            + ", indexes "
            + Quantity.seconds(estimate.indexSeconds())
            + ", verification "
            + Quantity.seconds(estimate.verifySeconds())
            + ")",
        "  disk       " + Quantity.bytes(estimate.diskBytes()),
        "  log        " + Quantity.bytes(estimate.logBytes()));
  }

  private static List<String> head(Plan plan) {
    List<String> lines = new ArrayList<>();
    Plan.TableSize size = plan.size();
    lines.add(
        "Table      "
            + plan.table()
            + (plan.finalTable().equals(plan.table()) ? "" : " -> " + plan.finalTable())
            + ": about "
            + Quantity.count(size.rows(), "row")
            + ", "
            + Quantity.bytes(size.tableBytes())
            + " and "
            + Quantity.bytes(size.indexBytes())
            + " of indexes");
    lines.add("Change     " + (plan.alter().isBlank() ? "none: rebuild" : plan.alter().strip()));
    lines.add("Identity   (" + String.join(", ", plan.key()) + ") by " + plan.identity());
    return lines;
  }

  private static List<String> warnings(Plan plan) {
    List<String> lines = new ArrayList<>();
    for (String warning : plan.warnings()) {
      lines.add("Note       " + warning);
    }
    if (!lines.isEmpty()) {
      lines.add(0, "");
    }
    return lines;
  }
}

package io.zdmosc.postgres.partition;

import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.postgres.sql.Sql;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Makes partitions by rule: {@code monthly:2023-01..2027-01}, and daily, weekly and yearly in the
 * same way, {@code hash:8}, {@code default}. The end of a range is not part of it.
 */
final class PartitionRule {
  /** More than anybody wants is a slip of the pen. */
  private static final int MOST = 10_000;

  private static final String REMEDY =
      "Write, for example, daily:2026-01-01..2026-04-01, weekly:2026-01-05..2026-06-01,"
          + " monthly:2023-01..2027-01, yearly:2015..2030, hash:8 or default.";

  private PartitionRule() {}

  /** Ranges of the calendar; each is known by its first day. */
  private enum Step {
    DAILY(ChronoUnit.DAYS, "", day -> day.toString().replace('-', '_')),
    WEEKLY(
        ChronoUnit.WEEKS,
        "",
        day ->
            String.format(
                Locale.ROOT,
                "%d_w%02d",
                day.get(IsoFields.WEEK_BASED_YEAR),
                day.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR))),
    MONTHLY(ChronoUnit.MONTHS, "-01", day -> day.toString().substring(0, 7).replace('-', '_')),
    YEARLY(ChronoUnit.YEARS, "-01-01", day -> day.toString().substring(0, 4));

    private final ChronoUnit unit;
    private final String rest;
    private final Function<LocalDate, String> suffix;

    Step(ChronoUnit unit, String rest, Function<LocalDate, String> suffix) {
      this.unit = unit;
      this.rest = rest;
      this.suffix = suffix;
    }

    /** A whole date may be written too, if it begins a range. */
    LocalDate day(String text) {
      int length = "yyyy-MM-dd".length() - rest.length();
      LocalDate day = LocalDate.parse(text.length() == length ? text + rest : text);
      boolean begins =
          switch (this) {
            case DAILY -> true;
            case WEEKLY -> day.getDayOfWeek() == DayOfWeek.MONDAY;
            case MONTHLY -> day.getDayOfMonth() == 1;
            case YEARLY -> day.getDayOfYear() == 1;
          };
      if (!begins) {
        throw new DateTimeException(
            day + (this == WEEKLY ? " is not a Monday" : " does not begin a range"));
      }
      return day;
    }
  }

  /** True for what is meant as a rule; a line with a name and its bound is none. */
  static boolean isRule(String text) {
    return text.equalsIgnoreCase("default") || text.matches("[A-Za-z]+:.*");
  }

  /**
   * Does what the rule says.
   *
   * @param table with which the names begin, cut so that they stay within the server's bounds
   * @throws RefusedException when it says nothing sensible
   */
  static List<Partition> partitions(String rule, String table) {
    String word = rule.replaceFirst(":.*", "").toUpperCase(Locale.ROOT);
    String rest = rule.substring(Math.min(rule.length(), word.length() + 1)).strip();
    try {
      return switch (word) {
        case "DEFAULT" -> List.of(new Partition(Sql.suffixed(table, "default"), "DEFAULT"));
        case "HASH" -> hash(Integer.parseInt(rest), table);
        default -> calendar(Step.valueOf(word), rest, table);
      };
    } catch (DateTimeException e) {
      throw RefusedException.of("--partitions " + rule, e.getMessage(), REMEDY);
    } catch (IllegalArgumentException e) {
      throw RefusedException.of("--partitions " + rule, "is no rule for partitions", REMEDY);
    }
  }

  private static List<Partition> hash(int modulus, String table) {
    if (modulus < 1 || modulus > MOST) {
      throw new DateTimeException("from 1 to " + MOST + " partitions are possible");
    }
    List<Partition> partitions = new ArrayList<>();
    for (int remainder = 0; remainder < modulus; remainder++) {
      partitions.add(
          new Partition(
              Sql.suffixed(table, String.valueOf(remainder)),
              "FOR VALUES WITH (MODULUS " + modulus + ", REMAINDER " + remainder + ")"));
    }
    return partitions;
  }

  private static List<Partition> calendar(Step step, String range, String table) {
    String[] ends = range.split("\\.\\.", -1);
    if (ends.length != 2) {
      throw new IllegalArgumentException("no range");
    }
    LocalDate day = step.day(ends[0].strip());
    LocalDate end = step.day(ends[1].strip());
    if (!day.isBefore(end)) {
      throw new DateTimeException("the end must come after the beginning; it is not part of it");
    }
    if (step.unit.between(day, end) > MOST) {
      throw new DateTimeException("makes more than " + MOST + " partitions");
    }
    List<Partition> partitions = new ArrayList<>();
    while (day.isBefore(end)) {
      LocalDate next = day.plus(1, step.unit);
      String bound = "FOR VALUES FROM ('" + day + "') TO ('" + next + "')";
      partitions.add(new Partition(Sql.suffixed(table, step.suffix.apply(day)), bound));
      day = next;
    }
    return partitions;
  }
}

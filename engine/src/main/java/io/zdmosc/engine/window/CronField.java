package io.zdmosc.engine.window;

import java.time.Month;
import java.util.BitSet;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One field of a cron expression.
 *
 * @param any true when it begins with a star, and so does not restrict days
 */
record CronField(BitSet set, boolean any) {
  private static final Pattern ITEM = Pattern.compile("(\\*|(\\w+)(?:-(\\w+))?)(?:/(\\d{1,3}))?");

  static CronField parse(String name, String text, int least, int most) {
    BitSet set = new BitSet();
    for (String item : text.split(",", -1)) {
      Matcher matcher = ITEM.matcher(item);
      if (!matcher.matches()) {
        throw wrong(name, item, least, most);
      }
      boolean star = matcher.group(1).equals("*");
      int step = matcher.group(4) == null ? 1 : Integer.parseInt(matcher.group(4));
      int from = star ? least : number(name, matcher.group(2), least, most);
      int to = from;
      if (star || matcher.group(3) == null && matcher.group(4) != null) {
        to = most;
      } else if (matcher.group(3) != null) {
        to = number(name, matcher.group(3), least, most);
      }
      if (step == 0 || from > to) {
        throw wrong(name, item, least, most);
      }
      for (int value = from; value <= to; value += step) {
        set.set(value);
      }
    }
    return new CronField(set, text.startsWith("*"));
  }

  private static int number(String field, String word, int least, int most) {
    int value = -1;
    if (word.matches("\\d{1,3}")) {
      value = Integer.parseInt(word);
    } else if (field.equals("day of week")) {
      value = Weekdays.day(word).getValue();
    } else if (field.equals("month")) {
      value = month(word);
    }
    if (value < least || value > most) {
      throw wrong(field, word, least, most);
    }
    return value;
  }

  private static int month(String word) {
    for (Month month : Month.values()) {
      if (month.name().substring(0, 3).equals(word.toUpperCase(Locale.ROOT))) {
        return month.getValue();
      }
    }
    return -1;
  }

  private static IllegalArgumentException wrong(String field, String item, int least, int most) {
    return new IllegalArgumentException(
        "'"
            + item
            + "' is wrong for the "
            + field
            + " of cron, which goes from "
            + least
            + " to "
            + most);
  }

  boolean has(int value) {
    return set.get(value);
  }

  int[] values() {
    return set.stream().toArray();
  }
}

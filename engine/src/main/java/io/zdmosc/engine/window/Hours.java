package io.zdmosc.engine.window;

import static java.util.Objects.requireNonNull;

import java.time.ZoneId;

/**
 * When a migration may work and when it may swap, as the operator wrote it.
 *
 * @param work windows of the copy, the index builds and the verification; empty for always
 * @param cutOver windows of the swap; empty for those of the work
 * @param zone the time zone of windows that name none
 */
public record Hours(String work, String cutOver, String zone) {
  /** No restrictions. */
  public static final Hours ALWAYS = new Hours("", "", "UTC");

  /**
   * Checks the windows.
   *
   * @throws IllegalArgumentException with words for the operator
   */
  public Hours {
    requireNonNull(work, "work is null");
    requireNonNull(cutOver, "cutOver is null");
    windows(work, zone);
    windows(cutOver, zone);
  }

  public Windows workWindows() {
    return windows(work, zone);
  }

  public Windows cutOverWindows() {
    return windows(cutOver.isEmpty() ? work : cutOver, zone);
  }

  private static Windows windows(String text, String zone) {
    return text.isEmpty() ? Windows.ALWAYS : Windows.parse(text, ZoneId.of(zone));
  }
}

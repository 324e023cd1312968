package io.zdmosc.engine.schedule;

import java.util.Locale;

/** How far an entry of the schedule has come. */
public enum EntryState {
  /** Nothing was done for it yet. */
  WAITING,
  /** It was begun and has not ended, whether a process is at it or not. */
  RUNNING,
  /** The new table serves. */
  DONE,
  /** It was refused, it failed, or it was stopped by an order. It is not tried again. */
  FAILED;

  public boolean hasEnded() {
    return this == DONE || this == FAILED;
  }

  /** As users and the control schema see it: {@code waiting}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The state whose {@link #label()} is the given text. */
  public static EntryState ofLabel(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }
}

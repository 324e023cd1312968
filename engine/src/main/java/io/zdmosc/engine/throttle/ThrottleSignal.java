package io.zdmosc.engine.throttle;

/** Something that asks the copy to go slower. */
public interface ThrottleSignal {
  /** The pressure now: below one half is none, from 1 on the copy stands still. */
  double pressure();

  /** Where the pressure comes from, in a few words with the figure. */
  String reason();
}

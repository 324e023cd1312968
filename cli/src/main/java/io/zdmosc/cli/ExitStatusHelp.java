package io.zdmosc.cli;

/** Exit statuses as the help explains them, in picocli's form {@code status:meaning}. */
final class ExitStatusHelp {
  static final String DONE = "0:Done.";
  static final String INTERNAL = "1:A bug in zdm-osc; see the log.";
  static final String REFUSED = "2:Refused: bad input or failed checks. Nothing was touched.";
  static final String FAILED = "3:Failed on the way. The table is as it was.";
  static final String CUT_OVER_NOT_REACHED =
      "4:With --after-attempts discard: the cut-over found no opening. The table is as it was.";
  static final String DIVERGED = "5:Old and new table differ. The table is as it was.";
  static final String ABORTED =
      "6:Stopped. The table is as it was. After Ctrl-C or SIGTERM the migration is kept, after zdm-osc"
          + " abort or with --on-stop discard it is removed.";
  static final String INCOMPLETE =
      "7:The new table serves, but a step after the cut-over is left to do by hand.";

  private ExitStatusHelp() {}
}

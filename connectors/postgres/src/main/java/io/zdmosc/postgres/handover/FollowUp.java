package io.zdmosc.postgres.handover;

/**
 * Something to be done after the swap has been committed, under weak locks. A process that goes on
 * with the migration may do it again.
 *
 * @param statement takes no lock that the application feels for long
 * @param object what is not as it should be while the statement has not been run, in words
 * @param done a query that says whether nothing is left to do; empty where the statement may as
 *     well be run again
 * @param unfelt whether nobody but maintenance waits behind the lock while it is waited for
 */
public record FollowUp(String statement, String object, String done, boolean unfelt) {

  /** One that may be run again, under a lock that the application might feel. */
  public FollowUp(String statement, String object) {
    this(statement, object, "", false);
  }
}

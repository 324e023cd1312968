package io.zdmosc.postgres.handover;

/**
 * Something to be done after the swap has been committed, under weak locks.
 *
 * @param statement takes no lock that the application feels for long
 * @param object what is not as it should be while the statement has not been run, in words
 */
public record FollowUp(String statement, String object) {}

package io.zdmosc.postgres.handover;

import java.util.List;

/**
 * Views that cannot be given another query: new ones are made on the shadow when it has its indexes
 * and constraints, and the swap exchanges the names.
 *
 * @param make statements of one transaction, which makes all of them, without rows
 * @param made a query that says whether that has been done
 * @param strays a query for those that refer to what they should not, in words
 * @param fills how those that keep rows get them, each after those that it reads
 */
public record NewViews(List<String> make, String made, String strays, List<Fill> fills) {
  public NewViews {
    make = List.copyOf(make);
    fills = List.copyOf(fills);
  }

  /**
   * A materialized view.
   *
   * @param words what it is called when it serves, in words
   * @param served the one that serves until the swap, as SQL has it
   * @param made the new one until the swap
   */
  public record Fill(String words, String served, String made) {}
}

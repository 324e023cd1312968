package io.zdmosc.postgres.owned;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.handover.Handover;
import java.sql.SQLException;
import java.util.List;

/** A kind of thing that hangs on the table. */
public interface OwnedKind {

  /**
   * What of this kind cannot be carried over, and what to do. Leaves nothing behind but in the
   * transaction, which the plan rolls back.
   */
  List<Problem> problems(OwnedContext context) throws SQLException;

  /** What there is of this kind and how it gets to the new table, in words, for the plan. */
  default List<String> carried(OwnedContext context) throws SQLException {
    return List.of();
  }

  /** What somebody who uses what there is of this kind should know, for the plan. */
  default List<String> warnings(OwnedContext context) throws SQLException {
    return List.of();
  }

  /** How what there is changes hands. Asked only where there are no problems. */
  Handover handover(OwnedContext context) throws SQLException;
}

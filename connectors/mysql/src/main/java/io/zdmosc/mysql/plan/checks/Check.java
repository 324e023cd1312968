package io.zdmosc.mysql.plan.checks;

import io.zdmosc.engine.error.Problem;
import java.sql.SQLException;
import java.util.List;

/** Looks for one kind of obstacle. Reads only. */
@FunctionalInterface
public interface Check {
  List<Problem> run(CheckContext context) throws SQLException;
}

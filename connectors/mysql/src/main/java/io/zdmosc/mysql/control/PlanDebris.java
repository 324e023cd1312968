package io.zdmosc.mysql.control;

import io.zdmosc.mysql.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The empty tables in the control schema on which plans try things out. Their names end in the
 * number of the plan's connection, and as long as that lives it holds a named lock: so what a plan
 * that was killed has left can be told from what a plan is at.
 */
public final class PlanDebris {
  private static final String LOCK = "zdm_osc plan ";
  private static final String PATTERN =
      "^zdm_(rehearsal|triggers|parent[0-9]+|child[0-9]+)_[0-9]+$";

  private final Session session;

  PlanDebris(Session session) {
    this.session = session;
  }

  /** Called by a plan before it makes any such table. */
  public static void guard(Session session) throws SQLException {
    session.test("SELECT GET_LOCK(?, 10)", LOCK + session.id());
  }

  /** Removes what plans that are dead have left, as far as it can be removed now. */
  public static void removeDead(Session session) throws SQLException {
    String timeout = session.text("SELECT @@SESSION.lock_wait_timeout").orElseThrow();
    try {
      new PlanDebris(session).remove();
    } finally {
      session.execute("SET SESSION lock_wait_timeout = " + timeout);
    }
  }

  private record Table(String name) {
    String lock() {
      return LOCK + name.substring(name.lastIndexOf('_') + 1);
    }

    String sqlName() {
      return ControlSchema.sqlName(name);
    }
  }

  /** What plans that are dead have left. */
  List<String> list() throws SQLException {
    List<String> found = new ArrayList<>();
    for (Table table : tables()) {
      if (isOfTheDead(table)) {
        found.add("table " + table.sqlName());
      }
    }
    return found;
  }

  /** Removes it; what could not be removed, in words. */
  List<String> remove() throws SQLException {
    List<String> left = new ArrayList<>();
    // without regard to which refer to which: all of them go
    session.execute("SET SESSION lock_wait_timeout = 5, foreign_key_checks = 0");
    try {
      for (Table table : tables()) {
        // held meanwhile: a plan on a new connection of the same number makes its own table anew
        if (isOfTheDead(table) && session.test("SELECT GET_LOCK(?, 0)", table.lock())) {
          try {
            session.execute("DROP TABLE IF EXISTS " + table.sqlName());
          } catch (SQLException e) {
            left.add("table " + table.sqlName() + " (" + e.getMessage() + ")");
          } finally {
            session.test("SELECT RELEASE_LOCK(?)", table.lock());
          }
        }
      }
    } finally {
      session.execute("SET SESSION foreign_key_checks = 1");
    }
    return left;
  }

  /** This session may be a plan's itself, and would get a lock that it has a second time. */
  private boolean isOfTheDead(Table table) throws SQLException {
    return session.test("SELECT IS_USED_LOCK(?) IS NULL", table.lock());
  }

  private List<Table> tables() throws SQLException {
    return session.query(
        "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'zdm_osc'"
            + " AND TABLE_NAME REGEXP ? ORDER BY TABLE_NAME",
        row -> new Table(row.getString(1)),
        PATTERN);
  }
}

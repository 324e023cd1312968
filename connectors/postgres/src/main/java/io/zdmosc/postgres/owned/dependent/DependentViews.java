package io.zdmosc.postgres.owned.dependent;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.handover.FirstLock;
import io.zdmosc.postgres.handover.Handover;
import io.zdmosc.postgres.handover.Transfer;
import io.zdmosc.postgres.owned.OwnedContext;
import io.zdmosc.postgres.owned.OwnedKind;
import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Views that read the table, and views that read those. */
public final class DependentViews implements OwnedKind {

  @Override
  public List<Problem> problems(OwnedContext context) throws SQLException {
    return new ViewRehearsal(context).run().problems();
  }

  /** What becomes of each, in words. */
  public List<String> carried(OwnedContext context) throws SQLException {
    return new ViewRehearsal(context).run().fates().stream().map(Fate::words).toList();
  }

  @Override
  public Handover handover(OwnedContext context) throws SQLException {
    ViewRehearsal rehearsal = new ViewRehearsal(context).run();
    DependentPieces.requireNone(rehearsal.problems());
    List<Fate> inner = rehearsal.fates();
    List<Fate> outer = new ArrayList<>(inner);
    Collections.reverse(outer);
    List<Fate> outerBack = outer.stream().filter(fate -> !fate.isDropped()).toList();
    ViewExchange exchange = new ViewExchange(context, inner);
    return new Handover(
        List.of(),
        List.of(),
        exchange.newViews(),
        List.of(),
        new Transfer(
            locks(context, outer),
            release(outer, exchange, true),
            attach(inner, exchange, true),
            List.of()),
        new Transfer(
            locks(context, outerBack),
            release(outerBack, exchange, false),
            attach(inner, exchange, false),
            List.of()));
  }

  private static List<FirstLock> locks(OwnedContext context, List<Fate> outer) throws SQLException {
    List<FirstLock> locks = new ArrayList<>();
    for (Fate fate : outer) {
      locks.add(lock(context.session(), fate.view()));
    }
    return locks;
  }

  private static List<String> release(List<Fate> outer, ViewExchange exchange, boolean forth)
      throws SQLException {
    List<String> statements = new ArrayList<>();
    for (Fate fate : outer) {
      statements.addAll(fate.isExchanged() ? exchange.release(fate, forth) : release(fate));
    }
    return statements;
  }

  /** {@code LOCK TABLE} would lock all that the view reads. It has this owner already. */
  private static FirstLock lock(Session session, ViewInfo view) throws SQLException {
    return new FirstLock(
        view.sql(),
        "ALTER " + view.type() + view.sql() + " OWNER TO " + name(view.owner()),
        view.isMaterialized() ? weakLock(session, view) : "");
  }

  /** {@code LOCK TABLE} does not take these; to comment on one does. It is the comment it has. */
  private static String weakLock(Session session, ViewInfo view) throws SQLException {
    String comment =
        session
            .text("SELECT obj_description(?::oid, 'pg_class')", view.oid())
            .map(Sql::literal)
            .orElse("NULL");
    return "COMMENT ON " + view.type() + view.sql() + " IS " + comment;
  }

  private static List<String> release(Fate fate) {
    if (!fate.isReplaced()) {
      return List.of("DROP " + fate.view().type() + fate.view().sql());
    }
    if (fate.emptied()) {
      return List.of(
          "CREATE OR REPLACE VIEW " + fate.view().sql() + " AS " + fate.view().nothing());
    }
    return List.of();
  }

  private static List<String> attach(List<Fate> fates, ViewExchange exchange, boolean forth)
      throws SQLException {
    List<String> statements = new ArrayList<>();
    for (Fate fate : fates) {
      if (fate.isExchanged()) {
        statements.addAll(exchange.attach(fate, forth));
        continue;
      }
      if (fate.isDropped() && (forth || fate.view().isMaterialized())) {
        continue;
      }
      String query = forth ? fate.definition() : fate.view().definition();
      statements.add(fate.view().create(query, fate.isReplaced()));
      statements.addAll(fate.belongings());
    }
    return statements;
  }
}

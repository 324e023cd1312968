package io.zdmosc.postgres.owned.dependent;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * What follows for each view from what becomes of the others, and whether it may be done.
 *
 * <p>What is kept aside goes on reading what it read. So of views that are made anew, those that it
 * reads are kept aside too, and not dropped.
 */
final class FateSettlement {
  private final Session session;
  private final Map<Long, Fate> fates;

  /**
   * @param fates by the views' oids, each after those that it reads; brought up to date
   */
  FateSettlement(Session session, Map<Long, Fate> fates) {
    this.session = session;
    this.fates = fates;
  }

  /** Settles them; what stands in the way. */
  List<Problem> run() throws SQLException {
    List<Fate> outer = new ArrayList<>(fates.values());
    Collections.reverse(outer);
    for (Fate each : outer) {
      if (fates.get(each.view().oid()).isExchanged()) {
        each.view().references().forEach(this::keepAside);
      }
    }
    List<Problem> problems = new ArrayList<>();
    for (Fate each : List.copyOf(fates.values())) {
      ViewCheck check = new ViewCheck(session, each.view());
      switch (each.kind()) {
        case REMADE -> problems.addAll(check.remade());
        case EXCHANGED -> problems.addAll(check.exchanged());
        case REPLACED -> {
          problems.addAll(check.replaced());
          fates.put(each.view().oid(), each.emptied(readsRemade(each.view())));
        }
        case DROPPED -> {} // looked at before
      }
    }
    return problems;
  }

  private void keepAside(long view) {
    fates.computeIfPresent(
        view, (oid, fate) -> fate.kind() == Fate.Kind.REMADE ? fate.exchanged() : fate);
  }

  /** It must let go of them, since they are dropped and made anew. */
  private boolean readsRemade(ViewInfo view) {
    return view.references().stream()
        .map(fates::get)
        .anyMatch(fate -> fate != null && fate.kind() == Fate.Kind.REMADE);
  }
}

package io.zdmosc.postgres.owned.dependent;

import static io.zdmosc.postgres.sql.Sql.literal;
import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.postgres.control.MigrationNames;
import io.zdmosc.postgres.handover.NewViews;
import io.zdmosc.postgres.owned.OwnedContext;
import io.zdmosc.postgres.owned.OwningTable;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * New views beside those that cannot be given another query, and the exchange of their names.
 *
 * <p>The server's own definitions call a table without alias by its name. So while the views are
 * made, the shadow and its partitions have the names that they are to serve by, and each view its
 * own, in schemas that do not outlive the transaction.
 */
final class ViewExchange {
  private static final String PLACE = "p";

  /** Which of the two is meant while it does not serve. */
  private enum Side {
    NEW,
    OLD
  }

  private final OwnedContext context;
  private final Session session;
  private final Exchanged exchanged;
  private final List<Fate> fates;
  private final Map<Long, Integer> numbers = new LinkedHashMap<>();

  /**
   * @param fates of all views, each after those that it reads
   */
  ViewExchange(OwnedContext context, List<Fate> fates) {
    this.context = context;
    this.session = context.session();
    this.exchanged = new Exchanged(context);
    this.fates = fates.stream().filter(Fate::isExchanged).toList();
    this.fates.forEach(fate -> numbers.put(fate.view().oid(), numbers.size()));
  }

  /** How they come to be; empty where there are none. */
  List<NewViews> newViews() throws SQLException {
    if (fates.isEmpty()) {
      return List.of();
    }
    List<NewViews.Fill> fills =
        fates.stream()
            .map(Fate::view)
            .filter(ViewInfo::isMaterialized)
            .map(view -> new NewViews.Fill(view.words(), view.sql(), aside(view, Side.NEW).sql()))
            .toList();
    ViewInfo last = fates.get(fates.size() - 1).view();
    String made = "SELECT to_regclass(" + literal(aside(last, Side.NEW).sql()) + ") IS NOT NULL";
    return List.of(new NewViews(make(), made, strays(), fills));
  }

  private List<String> make() throws SQLException {
    Map<RelationName, RelationName> shadows = new LinkedHashMap<>();
    Map<RelationName, RelationName> names = new HashMap<>();
    for (OwningTable table : exchanged.among(read())) {
      RelationName served =
          new RelationName(place(fates.size() + shadows.size()), table.served().name());
      shadows.put(new RelationName(context.shadowSchema(), table.shadow().name()), served);
      names.put(RelationName.of(table.served()), served);
    }
    List<String> statements = new ArrayList<>();
    statements.add("SET LOCAL search_path = pg_catalog");
    statements.add("SET LOCAL default_tablespace = ''");
    shadows.forEach((shadow, served) -> statements.addAll(moved("TABLE ", shadow, served, true)));
    for (Fate fate : fates) {
      names.put(fate.view().name(), placed(fate.view()));
    }
    for (Fate fate : fates) {
      ViewInfo view = fate.view().named(placed(fate.view()));
      statements.add("CREATE SCHEMA " + name(view.name().schema()));
      statements.add(view.createBeside(NamesInSql.replace(fate.definition(), names)));
      for (String statement : belongings(view).rest()) {
        statements.add(NamesInSql.replace(statement, Map.of(fate.view().name(), view.name())));
      }
    }
    for (Fate fate : fates) {
      RelationName to = aside(fate.view(), Side.NEW);
      statements.addAll(moved(fate.view().type(), placed(fate.view()), to, false));
      statements.addAll(storage(fate.view(), Side.NEW).give(to));
      statements.addAll(belongings(fate.view().named(to)).rights());
    }
    shadows.forEach((shadow, served) -> statements.addAll(moved("TABLE ", served, shadow, false)));
    return statements;
  }

  /** The oids of all that the views read. */
  private List<Long> read() {
    return fates.stream().flatMap(fate -> fate.view().references().stream()).toList();
  }

  /** Into another schema under another name; one of the two schemas is there for the while. */
  private static List<String> moved(
      String type, RelationName from, RelationName to, boolean intoPlace) {
    RelationName between = new RelationName(from.schema(), to.name());
    String rename = "ALTER " + type + from.sql() + " RENAME TO " + name(to.name());
    String move = "ALTER " + type + between.sql() + " SET SCHEMA " + name(to.schema());
    if (!intoPlace) {
      return List.of(rename, move, "DROP SCHEMA " + name(from.schema()));
    }
    // its own schema may have something of the other name
    RelationName there = new RelationName(to.schema(), from.name());
    return List.of(
        "CREATE SCHEMA " + name(to.schema()),
        "ALTER " + type + from.sql() + " SET SCHEMA " + name(to.schema()),
        "ALTER " + type + there.sql() + " RENAME TO " + name(to.name()));
  }

  /** None of the new ones may refer to what is retired. */
  private String strays() {
    String retired =
        Stream.concat(exchanged.oids().stream(), fates.stream().map(fate -> fate.view().oid()))
            .map(String::valueOf)
            .collect(Collectors.joining(", "));
    String made =
        fates.stream()
            .map(fate -> literal(aside(fate.view(), Side.NEW).sql()) + "::regclass")
            .collect(Collectors.joining(", "));
    return "SELECT DISTINCT format('%s refers to %s', r.ev_class::regclass, d.refobjid::regclass)"
        + " FROM pg_rewrite r JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass"
        + " AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass"
        + " WHERE r.rulename = '_RETURN' AND r.ev_class IN ("
        + made
        + ") AND d.refobjid IN ("
        + retired
        + ")";
  }

  /** The one that serves gives its names away. */
  List<String> release(Fate fate, boolean forth) throws SQLException {
    Side to = forth ? Side.OLD : Side.NEW;
    List<String> statements = new ArrayList<>(storage(fate.view(), to).aside(prefix(fate, to)));
    statements.add(renamed(fate.view(), fate.view().name(), aside(fate.view(), to)));
    return statements;
  }

  /** The other one takes them. */
  List<String> attach(Fate fate, boolean forth) throws SQLException {
    Side from = forth ? Side.NEW : Side.OLD;
    List<String> statements =
        new ArrayList<>(storage(fate.view(), from).serving(prefix(fate, from)));
    statements.add(renamed(fate.view(), aside(fate.view(), from), fate.view().name()));
    return statements;
  }

  private static String renamed(ViewInfo view, RelationName from, RelationName to) {
    return "ALTER " + view.type() + from.sql() + " RENAME TO " + name(to.name());
  }

  private String prefix(Fate fate, Side side) {
    return aside(fate.view(), side).name();
  }

  private StorageBelongings storage(ViewInfo view, Side side) throws SQLException {
    return new StorageBelongings(session, view, aside(view, side).name());
  }

  private Belongings belongings(ViewInfo view) {
    return new Belongings(session, view, exchanged.oids());
  }

  /** What a view is called, in its own schema, while it does not serve. */
  private RelationName aside(ViewInfo view, Side side) {
    int number = numbers.get(view.oid());
    long id = context.migrationId();
    return new RelationName(
        view.name().schema(),
        side == Side.NEW
            ? MigrationNames.newView(id, number)
            : MigrationNames.retiredView(id, number));
  }

  /** Where a view is made, under its own name. */
  private RelationName placed(ViewInfo view) {
    return new RelationName(place(numbers.get(view.oid())), view.name().name());
  }

  private String place(int number) {
    return context.aside(PLACE, number);
  }
}

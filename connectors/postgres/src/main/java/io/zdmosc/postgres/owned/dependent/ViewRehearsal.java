package io.zdmosc.postgres.owned.dependent;

import static io.zdmosc.postgres.sql.Sql.name;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.control.MigrationNames;
import io.zdmosc.postgres.owned.ColumnPlaces;
import io.zdmosc.postgres.owned.DroppedColumn;
import io.zdmosc.postgres.owned.OwnedContext;
import io.zdmosc.postgres.owned.OwningTable;
import io.zdmosc.postgres.sql.Session;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds out on the server what becomes of the views, and leaves nothing behind.
 *
 * <p>First the views that read the table or partitions of it are made on empty copies of these, and
 * the copies' columns are renamed: so the server writes their definitions for the new names. Then
 * they are made on the changed templates, which shows whether they can be, and whether their
 * columns keep their types. A view that keeps them is given its new query in place, so that all
 * that hangs on it stays; one that does not is made anew, and with it what reads it is bound anew.
 */
final class ViewRehearsal {
  private final OwnedContext context;
  private final Session session;
  private final ViewCatalog catalog;
  private final Exchanged exchanged;
  private final String schema;
  private final List<Problem> problems = new ArrayList<>();
  private final ViewTrial trial;
  private final Map<Long, Fate> fates = new LinkedHashMap<>();

  /** The tried views of those that are made anew, with the template under the table's own oid. */
  private final Map<Long, ViewInfo> tried = new HashMap<>();

  private Set<Long> dropped = Set.of();
  private Exchanged.StandIns templates;

  ViewRehearsal(OwnedContext context) {
    this.context = context;
    this.session = context.session();
    this.catalog = new ViewCatalog(session);
    this.exchanged = new Exchanged(context);
    this.schema = context.spec().table().schema();
    this.trial = new ViewTrial(session, catalog, schema, problems);
  }

  /** Does it, once. */
  ViewRehearsal run() throws SQLException {
    Savepoint before = session.connection().setSavepoint();
    try {
      session.execute("SET LOCAL lock_timeout = '2s'");
      List<ViewInfo> views = catalog.above(exchanged.oids());
      dropped = named(views);
      if (!views.isEmpty()) {
        List<OwningTable> read =
            exchanged.among(
                views.stream().flatMap(view -> view.references().stream()).distinct().toList());
        Map<Long, String> definitions = renamed(views, read);
        templates = exchanged.templates(read);
        for (ViewInfo view : views) {
          decide(view, definitions);
        }
        problems.addAll(new FateSettlement(session, fates).run());
      }
    } finally {
      session.connection().rollback(before);
    }
    return this;
  }

  List<Problem> problems() {
    return problems;
  }

  /** Of the views that must be bound anew, each after those that it reads. */
  List<Fate> fates() {
    return List.copyOf(fates.values());
  }

  /** The views that are made anew, with the columns that they get, by their oids. */
  Map<Long, ViewInfo> remade() {
    return Map.copyOf(tried);
  }

  /** Those that the user gives up. */
  private Set<Long> named(List<ViewInfo> views) throws SQLException {
    Set<Long> named = new HashSet<>();
    for (String each : context.request().dependents().drop()) {
      session.execute("SET LOCAL search_path = " + context.searchPath());
      Optional<Long> oid = find(each);
      session.execute("SET LOCAL search_path = pg_catalog");
      if (oid.filter(it -> views.stream().anyMatch(view -> view.oid() == it)).isEmpty()) {
        problems.add(
            new Problem(
                "--drop-dependents " + each,
                "names no view that reads " + context.source().table().sqlName(),
                "Leave it out, or name the view as SQL does."));
      }
      oid.ifPresent(named::add);
    }
    return named;
  }

  private Optional<Long> find(String relation) throws SQLException {
    Savepoint before = session.connection().setSavepoint();
    try {
      return session.text("SELECT to_regclass(?::text)::oid::text", relation).map(Long::valueOf);
    } catch (SQLException e) {
      session.connection().rollback(before); // no name at all
      return Optional.empty();
    }
  }

  private boolean readsTable(ViewInfo view) {
    return view.references().stream().anyMatch(exchanged::contains);
  }

  /** The definitions of the views that read the tables, with the names of after the change. */
  private Map<Long, String> renamed(List<ViewInfo> views, List<OwningTable> tables)
      throws SQLException {
    Exchanged.Copies copied = exchanged.copies(tables);
    Exchanged.StandIns standIns = copied.standIns();
    Map<Long, ViewInfo> copies = new LinkedHashMap<>();
    Map<Long, ViewInfo> byOid =
        views.stream().collect(Collectors.toMap(ViewInfo::oid, view -> view));
    ColumnPlaces places = new ColumnPlaces(context, tables);
    for (ViewInfo view : views) {
      if (readsTable(view)
          && !dropped.contains(view.oid())
          && !usesDropped(view)
          && !countsOnPlaces(view, places)) {
        String definition = NamesInSql.replace(view.definition(), standIns.names());
        Set<Long> wanted = references(view, standIns.oids());
        trial
            .make(view, ViewRehearsal::plain, "_a" + copies.size(), definition, wanted)
            .ifPresent(made -> copies.put(view.oid(), made));
      }
    }
    Map<RelationName, RelationName> served = copied.rename();
    Map<Long, String> definitions = new HashMap<>();
    for (Map.Entry<Long, ViewInfo> each : copies.entrySet()) {
      String definition = catalog.read(List.of(each.getValue().oid())).get(0).definition();
      String renamed = NamesInSql.replace(definition, served);
      if (NamesInSql.mentions(renamed, schema)) {
        trial.refuse(byOid.get(each.getKey()), ViewTrial.UNCLEAR);
      } else {
        definitions.put(each.getKey(), renamed);
      }
    }
    return definitions;
  }

  /** A column of this name may be there after the change, but it is another one. */
  private boolean usesDropped(ViewInfo view) throws SQLException {
    List<DroppedColumn> dropped = DroppedColumn.usedBy(context, "pg_rewrite", catalog.query(view));
    if (!dropped.isEmpty()) {
      trial.refuse(view, "reads " + DroppedColumn.words(dropped) + ", which the change drops");
    }
    return !dropped.isEmpty();
  }

  private boolean countsOnPlaces(ViewInfo view, ColumnPlaces places) {
    Optional<String> problem = places.problem(view.definition());
    problem.ifPresent(why -> trial.refuse(view, why));
    return problem.isPresent();
  }

  private void decide(ViewInfo view, Map<Long, String> definitions) throws SQLException {
    if (dropped.contains(view.oid())) {
      drop(view);
      return;
    }
    Optional<ViewInfo> lost =
        fates.values().stream()
            .filter(fate -> fate.isDropped() && view.references().contains(fate.view().oid()))
            .map(Fate::view)
            .findFirst();
    if (lost.isPresent()) {
      problems.add(
          new Problem(
              view.words(),
              "reads " + lost.get().words() + ", which is to be dropped",
              "Name it too: --drop-dependents '" + view.sql() + "'."));
      return;
    }
    boolean direct = readsTable(view);
    boolean rebound = view.references().stream().anyMatch(tried::containsKey);
    if (!direct && !rebound || direct && !definitions.containsKey(view.oid())) {
      return; // it goes on as it is, or has been refused
    }
    if (view.isMaterialized() && view.populated() && !mayRebuild()) {
      trial.refuse(
          view,
          "keeps rows that were read from the table, and cannot be bound to another one without"
              + " reading everything again",
          "Let a new one be filled from the new table before the cut-over:"
              + " --rebuild-materialized-views. Or drop it first, and make it again afterwards; or"
              + " let the swap drop it: --drop-dependents '"
              + view.sql()
              + "'.");
      return;
    }
    String definition = direct ? definitions.get(view.oid()) : view.definition();
    Optional<ViewInfo> made = tryOnTemplate(view, definition);
    if (made.isEmpty()) {
      return;
    }
    boolean remade = view.isMaterialized() || !made.get().shape().equals(view.shape());
    List<String> belongings = List.of();
    if (remade) {
      tried.put(view.oid(), made.get());
      belongings = belongings(view, made.get());
    }
    Fate.Kind kind =
        view.isMaterialized()
            ? Fate.Kind.EXCHANGED
            : remade ? Fate.Kind.REMADE : Fate.Kind.REPLACED;
    fates.put(view.oid(), new Fate(view, kind, definition, false, belongings));
  }

  private boolean mayRebuild() {
    return context.request().dependents().rebuildMaterializedViews();
  }

  private void drop(ViewInfo view) throws SQLException {
    problems.addAll(new ViewCheck(session, view).dropped());
    for (OtherDependents.Dependent each : new OtherDependents(session).of(exchanged.oids(), true)) {
      if (each.relation() == view.oid()) {
        problems.add(
            new Problem(
                each.words(),
                "mentions "
                    + context.source().table().sqlName()
                    + ", or a partition of it, and its view is to be dropped",
                "Drop it first."));
      }
    }
    Belongings belongings = new Belongings(session, view, exchanged.oids());
    List<String> statements = new ArrayList<>();
    if (!view.isMaterialized()) {
      statements.addAll(belongings.rights());
      statements.addAll(belongings.rest());
      tryLabels(view);
    }
    fates.put(view.oid(), new Fate(view, Fate.Kind.DROPPED, "", false, statements));
  }

  private List<String> belongings(ViewInfo view, ViewInfo made) throws SQLException {
    Belongings belongings = new Belongings(session, view, exchanged.oids());
    List<String> statements = new ArrayList<>(belongings.rights());
    for (String statement : belongings.rest()) {
      statements.add(statement);
      trial.attempt(view, NamesInSql.replace(statement, Map.of(view.name(), made.name())));
    }
    String prefix = MigrationNames.newView(context.migrationId(), fates.size());
    for (String statement : new StorageBelongings(session, view, prefix).give(made.name())) {
      trial.attempt(view, statement);
    }
    return statements;
  }

  /** A rollback sets them again, so the one who knows them must be there. */
  private void tryLabels(ViewInfo view) throws SQLException {
    RelationName tried = new RelationName(schema + "_d" + fates.size(), view.name().name());
    List<String> labels = new Belongings(session, view.named(tried), exchanged.oids()).labels();
    if (!labels.isEmpty()) {
      session.execute("CREATE SCHEMA " + name(tried.schema()));
      session.execute("CREATE VIEW " + tried.sql() + " AS " + view.nothing());
    }
    for (String label : labels) {
      trial.attempt(view, label);
    }
  }

  private Optional<ViewInfo> tryOnTemplate(ViewInfo view, String definition) throws SQLException {
    Map<RelationName, RelationName> names = new HashMap<>(templates.names());
    Map<Long, Long> oids = new HashMap<>(templates.oids());
    for (Map.Entry<Long, ViewInfo> each : tried.entrySet()) {
      names.put(fates.get(each.getKey()).view().name(), each.getValue().name());
      oids.put(each.getKey(), each.getValue().oid());
    }
    String text = NamesInSql.replace(definition, names);
    return trial.make(
        view, ViewInfo::createBeside, "_b" + fates.size(), text, references(view, oids));
  }

  private static Set<Long> references(ViewInfo view, Map<Long, Long> others) {
    return view.references().stream()
        .map(oid -> others.getOrDefault(oid, oid))
        .collect(Collectors.toSet());
  }

  /** To see what the server makes of the query. */
  private static String plain(ViewInfo view, String definition) {
    return "CREATE VIEW " + view.sql() + " AS " + definition;
  }
}

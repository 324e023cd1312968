package io.zdmosc.mysql.plan.checks;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.mysql.control.ControlRights;
import io.zdmosc.mysql.foreignkey.TableKeys;
import io.zdmosc.mysql.sql.Grants;
import io.zdmosc.mysql.sql.QualifiedName;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the user must be allowed to, by what SHOW GRANTS says; with the statement that grants it.
 */
public final class PrivilegeCheck implements Check {
  private static final Set<String> GLOBAL = Set.of("REPLICATION SLAVE", "PROCESS");
  private static final Set<String> ON_TABLES =
      Set.of(
          "SELECT",
          "INSERT",
          "UPDATE",
          "DELETE",
          "CREATE",
          "DROP",
          "ALTER",
          "INDEX",
          "LOCK TABLES",
          "TRIGGER"); // without it, a table's triggers cannot even be seen

  /** Databases that a migration makes for its retired table, where it needs one. */
  private static final String RETIRED = "zdm_osc_1";

  @Override
  public List<Problem> run(CheckContext context) throws SQLException {
    Session session = context.session();
    Grants grants = Grants.read(session);
    List<Problem> problems = new ArrayList<>();
    Set<String> global = new TreeSet<>(GLOBAL);
    global.add(session.server().mariaDb() ? "BINLOG MONITOR" : "REPLICATION CLIENT");
    report(session, grants.missingEverywhere(global), "*.*", problems);
    String schema = context.table().schema();
    report(session, grants.missingOn(schema, ON_TABLES), Sql.name(schema) + ".*", problems);
    ControlRights.lacking(session).ifPresent(problems::add);
    return problems;
  }

  /**
   * What is missing where the retired table goes to a database of its own.
   *
   * @param keys whether foreign keys go with it
   */
  public static List<Problem> elsewhere(Session session, boolean keys) throws SQLException {
    List<Problem> problems = new ArrayList<>();
    Set<String> wanted = new TreeSet<>(ON_TABLES);
    if (keys) {
      wanted.add("REFERENCES");
    }
    report(session, Grants.read(session).missingOn(RETIRED, wanted), "`zdm\\_osc\\_%`.*", problems);
    return problems;
  }

  /**
   * What is missing where foreign keys have to be carried over.
   *
   * @param locked all tables that are locked by name, further ones among them
   */
  static List<Problem> forKeys(
      Session session, QualifiedName table, TableKeys keys, Set<QualifiedName> locked)
      throws SQLException {
    Map<String, Set<String>> wanted = new TreeMap<>();
    if (!keys.isEmpty()) {
      wanted.computeIfAbsent("zdm_osc", s -> new TreeSet<>()).add("REFERENCES");
      wanted.computeIfAbsent(table.schema(), s -> new TreeSet<>()).add("REFERENCES");
    }
    keys.parents()
        .forEach(
            parent ->
                wanted
                    .computeIfAbsent(parent.schema(), s -> new TreeSet<>())
                    .addAll(Set.of("SELECT", "REFERENCES", "LOCK TABLES")));
    keys.children()
        .forEach(
            child ->
                wanted
                    .computeIfAbsent(child.schema(), s -> new TreeSet<>())
                    .addAll(Set.of("SELECT", "ALTER", "LOCK TABLES")));
    locked.forEach(
        other ->
            wanted
                .computeIfAbsent(other.schema(), s -> new TreeSet<>())
                .addAll(Set.of("SELECT", "LOCK TABLES")));
    Grants grants = Grants.read(session);
    List<Problem> problems = new ArrayList<>();
    for (Map.Entry<String, Set<String>> schema : wanted.entrySet()) {
      report(
          session,
          grants.missingOn(schema.getKey(), schema.getValue()),
          Sql.name(schema.getKey()) + ".*",
          problems);
    }
    return problems;
  }

  private static void report(
      Session session, Set<String> missing, String on, List<Problem> problems) throws SQLException {
    Grants.lacking(session, missing, on).ifPresent(problems::add);
  }
}

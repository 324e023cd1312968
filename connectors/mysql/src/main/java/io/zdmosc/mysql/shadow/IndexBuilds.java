package io.zdmosc.mysql.shadow;

import io.zdmosc.engine.spi.BuildStep;
import io.zdmosc.engine.spi.UniqueConflictException;
import io.zdmosc.mysql.alter.TableDdl.Item;
import io.zdmosc.mysql.alter.TableDdl.ItemKind;
import io.zdmosc.mysql.catalog.Catalog;
import io.zdmosc.mysql.catalog.IndexInfo;
import io.zdmosc.mysql.sql.Failures;
import io.zdmosc.mysql.sql.Session;
import io.zdmosc.mysql.sql.SessionFactory;
import io.zdmosc.mysql.sql.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The shadow's indexes, built after the copy.
 *
 * <p>One ALTER TABLE adds all ordinary ones: the server scans the table once for them, and sorts
 * and loads them in parallel where it can. FULLTEXT, SPATIAL and VECTOR indexes need one each. Two
 * of them at once would wait for each other, so every step needs the shadow alone.
 */
public final class IndexBuilds {
  private final SessionFactory sessions;
  private final Working working;
  private final long memoryBytes;

  public IndexBuilds(SessionFactory sessions, Working working, long memoryBytes) {
    this.sessions = sessions;
    this.working = working;
    this.memoryBytes = memoryBytes;
  }

  /** Those that are not there yet, in the order to run them. */
  public List<BuildStep> steps() {
    Set<String> built = built();
    List<Item> later =
        new ShadowTable(working.spec(), working.identity())
            .later().stream().filter(item -> !built.contains(item.name())).toList();
    List<Item> together =
        later.stream()
            .filter(i -> i.kind() == ItemKind.INDEX || i.kind() == ItemKind.UNIQUE)
            .toList();
    List<BuildStep> steps = new ArrayList<>();
    if (!together.isEmpty()) {
      steps.add(step(together));
    }
    later.stream()
        .filter(item -> !together.contains(item))
        .forEach(item -> steps.add(step(List.of(item))));
    return steps;
  }

  /** What an earlier try has built; the server adds an index whole or not at all. */
  private Set<String> built() {
    try (Session session = sessions.open("index")) {
      return indexes(session);
    } catch (SQLException e) {
      throw Failures.failed("reading which indexes are built", e);
    }
  }

  private Set<String> indexes(Session session) throws SQLException {
    return new Catalog(session)
        .indexes(working.names().shadowSchema(), working.names().shadow()).stream()
            .map(IndexInfo::name)
            .collect(Collectors.toSet());
  }

  private BuildStep step(List<Item> items) {
    String names = items.stream().map(Item::name).collect(Collectors.joining(", "));
    String words = (items.size() == 1 ? "index " : "indexes ") + names;
    return BuildStep.of(words, false, processes -> build(words, items, processes));
  }

  private void build(String words, List<Item> items, int processes) {
    try (Session session = sessions.open("index")) {
      working.prepare(session);
      useThreads(session, processes);
      Set<String> present = indexes(session);
      List<String> actions = new ArrayList<>();
      for (Item item : items) {
        if (present.contains(item.name())) {
          actions.add("DROP INDEX " + Sql.name(item.name()));
        }
      }
      items.forEach(item -> actions.add("ADD " + item.sql()));
      session.execute("ALTER TABLE " + working.shadowSql() + " " + String.join(", ", actions));
    } catch (SQLException e) {
      if (Failures.isUniqueConflict(e)) {
        throw new UniqueConflictException(Failures.words(e), e);
      }
      throw Failures.failed("building " + words, e);
    }
  }

  private void useThreads(Session session, int threads) throws SQLException {
    if (session.server().isMySqlSince(80027)) {
      session.execute(
          "SET SESSION innodb_ddl_threads = "
              + Math.min(64, threads)
              + ", innodb_parallel_read_threads = "
              + Math.min(256, threads)
              + ", innodb_ddl_buffer_size = "
              + Math.max(65_536, Math.min(memoryBytes, 4_294_967_295L)));
    }
  }
}

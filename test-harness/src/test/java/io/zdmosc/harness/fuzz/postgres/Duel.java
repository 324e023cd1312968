package io.zdmosc.harness.fuzz.postgres;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.Retire;
import io.zdmosc.engine.error.ZdmException;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.harness.migration.Runs;
import io.zdmosc.harness.migration.Traces;
import io.zdmosc.harness.migration.Trail;
import io.zdmosc.harness.schema.DatabaseDump;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One story twice: a migration in one database, while its application writes, and the server's own
 * ALTER TABLE in another one, with the same writes before and after.
 */
final class Duel implements AutoCloseable {
  private static final long AFTERWARDS_MILLIS = 200;

  /** One story in so many keeps what the server will not do. */
  private static final int ANYTHING_EVERY = 4;

  private final Story story;
  private final TestDatabase migrated;
  private final TestDatabase altered;
  private final List<String> told = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private final List<RecordingWriter> writers = new ArrayList<>();
  private final Trail trail = new Trail();
  private Clause clause;
  private String outcome = "";

  Duel(Story story) throws SQLException {
    this.story = story;
    this.clause = story.clause();
    this.migrated = SharedServers.freshDatabase(story.major());
    this.altered = SharedServers.freshDatabase(story.major());
  }

  /** What is wrong; nothing, if all is as it must be. */
  List<String> fight() throws Exception {
    setUp();
    DatabaseDump before = dump(migrated);
    Optional<String> refusal = migrate();
    replay(RecordingWriter::before);
    List<String> rowsBefore = refusal.isPresent() ? Rows.of(altered, Set.of()) : List.of();
    Optional<String> objection = alterNatively();
    outcome = line(refusal) + " | " + line(objection);
    told.add("migration: " + refusal.orElse("done"));
    told.add("ALTER TABLE: " + objection.orElse("done"));
    Traces.assertNone(migrated);
    if (refusal.isPresent()) {
      compare("definition after a failure", before.differences(dump(migrated)));
      compareRows("rows after a failure", rowsBefore, Rows.of(migrated, Set.of()));
      objection.ifPresentOrElse(
          words -> {},
          () -> {
            if (!KnownRefusals.isKnown(refusal.get())) {
              problems.add("refused: " + refusal.get());
            }
          });
    } else if (objection.isPresent()) {
      if (!KnownRefusals.mayBeGoneBeyond(objection.get())) {
        problems.add("done, but ALTER TABLE says: " + objection.get());
      }
    } else {
      replay(RecordingWriter::after);
      compare("definition", withoutChosenIndexes(dump(altered).differences(dump(migrated))));
      compareRows(
          "rows", Rows.of(altered, story.unforeseen()), Rows.of(migrated, story.unforeseen()));
    }
    return problems;
  }

  /** What both had to say to the change, in a line. */
  String outcome() {
    return outcome;
  }

  /** What happened, for whoever has to find out why. */
  String told() {
    return String.join(";\n", told) + "\n" + trail;
  }

  private static String line(Optional<String> words) {
    return words.orElse("done").lines().limit(2).collect(Collectors.joining(" "));
  }

  private void setUp() throws SQLException {
    try (Connection one = migrated.connect();
        Connection other = altered.connect();
        Statement first = one.createStatement();
        Statement second = other.createStatement()) {
      first.setEscapeProcessing(false);
      second.setEscapeProcessing(false);
      for (String sql : story.beginning()) {
        told.add(sql);
        first.execute(sql);
        second.execute(sql);
      }
      for (String sql : story.pieces()) {
        if (taken(first, sql)) {
          told.add(sql);
          second.execute(sql);
        }
      }
    }
    if (story.seed() % ANYTHING_EVERY != 0) {
      leaveOutWhatTheServerRefuses();
    }
    told.addAll(clause.statements());
    told.add("--alter: " + clause.text());
  }

  /** Most changes are to be made, and not to be refused. */
  private void leaveOutWhatTheServerRefuses() throws SQLException {
    List<String> taken = new ArrayList<>();
    try (Connection connection = altered.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.setEscapeProcessing(false);
      for (String action : clause.actions()) {
        Savepoint before = connection.setSavepoint();
        String table = new Clause(clause.table(), taken).target();
        boolean fits = true;
        for (String sql : new Clause(table, List.of(action)).statements()) {
          fits = fits && taken(statement, sql);
        }
        if (fits) {
          taken.add(action);
        } else {
          connection.rollback(before);
        }
      }
      connection.rollback();
    }
    clause = new Clause(clause.table(), List.copyOf(taken));
  }

  private static boolean taken(Statement statement, String sql) {
    try {
      statement.execute(sql);
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  private Optional<String> migrate() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < RecordingWriter.WRITERS; i++) {
      RecordingWriter writer = new RecordingWriter(migrated, story.table(), story.seed(), i);
      writers.add(writer);
      Thread thread = new Thread(writer, "writer " + i + " of " + story);
      threads.add(thread);
      thread.start();
    }
    try (Database opened = Runs.open(migrated)) {
      new Migration(
              opened,
              new ChangeRequest(story.table().name(), clause.text()),
              Runs.options().withRetire(Retire.DROP),
              trail)
          .run();
      Thread.sleep(AFTERWARDS_MILLIS);
      return Optional.empty();
    } catch (ZdmException e) {
      return Optional.of(e.getMessage() + "\n" + e.state() + "\n" + e.next());
    } catch (RuntimeException e) {
      problems.add("not an error for users: " + e);
      return Optional.of(e.toString());
    } finally {
      writers.forEach(RecordingWriter::stop);
      for (Thread thread : threads) {
        thread.join();
      }
      writers.forEach(writer -> problems.addAll(writer.errors()));
    }
  }

  /** Which of a writer's transactions. */
  private interface Part {
    List<Written> of(RecordingWriter writer);
  }

  private void replay(Part part) throws SQLException {
    try (Connection connection = altered.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.setEscapeProcessing(false);
      for (RecordingWriter writer : writers) {
        for (Written written : part.of(writer)) {
          String state = replay(connection, statement, written.statements());
          if (!state.equals(written.state())) {
            problems.add("application: " + written + ", and in the other database: " + state);
          }
        }
      }
    }
  }

  private String replay(Connection connection, Statement statement, List<String> transaction)
      throws SQLException {
    told.add("BEGIN");
    told.addAll(transaction);
    try {
      for (String sql : transaction) {
        statement.execute(sql);
      }
      connection.commit();
      told.add("COMMIT");
      return "";
    } catch (SQLException e) {
      connection.rollback();
      told.add("ROLLBACK /* " + e.getMessage() + " */");
      return e.getSQLState();
    }
  }

  private Optional<String> alterNatively() throws SQLException {
    try (Connection connection = altered.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.setEscapeProcessing(false);
      for (String sql : clause.statements()) {
        statement.execute(sql);
      }
      connection.commit();
      return Optional.empty();
    } catch (SQLException e) {
      return Optional.of(e.getSQLState() + " " + e.getMessage());
    }
  }

  /** Of several equal unique indexes, which one a foreign key of another table depends on. */
  private static List<String> withoutChosenIndexes(List<String> differences) {
    return differences.stream()
        .filter(line -> !line.matches("(?s). constraint .* on table .* depends on index .*: n"))
        .toList();
  }

  private static DatabaseDump dump(TestDatabase database) throws SQLException {
    try (Connection connection = database.connect()) {
      List<String> lines = DatabaseDump.of(connection).lines();
      Set<String> indexes =
          lines.stream()
              .filter(line -> line.matches("(?s)relation .*: kind i, .*"))
              .map(line -> line.substring("relation ".length(), line.indexOf(": kind i, ")))
              .collect(Collectors.toSet());
      return new DatabaseDump(lines.stream().map(line -> withoutName(line, indexes)).toList());
    }
  }

  /** A column of an index keeps its name when that of the table gets another one. */
  private static String withoutName(String line, Set<String> indexes) {
    for (String index : indexes) {
      String begin = "column " + index + " ";
      if (line.startsWith(begin)) {
        return begin + line.substring(line.lastIndexOf(": ", line.indexOf(", collation ")));
      }
    }
    return line;
  }

  private void compare(String what, List<String> differences) {
    if (!differences.isEmpty()) {
      problems.add(what + ": " + String.join("\n", differences));
    }
  }

  private void compareRows(String what, List<String> wanted, List<String> found) {
    compare(what, new DatabaseDump(wanted).differences(new DatabaseDump(found)));
  }

  @Override
  public void close() throws SQLException {
    try (migrated;
        altered) {
      told.clear();
    }
  }
}

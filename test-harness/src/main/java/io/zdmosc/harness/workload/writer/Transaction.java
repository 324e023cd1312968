package io.zdmosc.harness.workload.writer;

import io.zdmosc.harness.workload.model.Effect;
import io.zdmosc.harness.workload.model.Model;
import io.zdmosc.harness.workload.model.Row;
import io.zdmosc.harness.workload.model.RowId;
import io.zdmosc.harness.workload.table.SqlDialect;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A transaction as the workload writes it: every statement runs on the server, is checked by its
 * row count, and leaves its effects here until the commit has returned. In autocommit each
 * statement's effects go to the model at once.
 *
 * <p>The locks of the owners whose rows it touches must be held until it has ended. Used by one
 * thread.
 */
final class Transaction {
  private final SqlDialect dialect;
  private final Session session;
  private final Statements statements;
  private final Model model;
  private final Committer committer;
  private final boolean autocommit;
  private List<Effect> effects = new ArrayList<>();
  private Map<RowId, Optional<Row>> written = new TreeMap<>();

  /** Begins, unless in autocommit. */
  Transaction(
      SqlDialect dialect,
      Session session,
      Statements statements,
      Model model,
      Committer committer,
      boolean autocommit)
      throws SQLException {
    this.dialect = dialect;
    this.session = session;
    this.statements = statements;
    this.model = model;
    this.committer = committer;
    this.autocommit = autocommit;
    if (!autocommit) {
      session.begin();
    }
  }

  /** Returns the row as this transaction sees it. */
  Optional<Row> row(RowId id) {
    Optional<Row> own = written.get(id);
    return own == null ? model.row(id) : own;
  }

  /** Returns all rows of the owner as this transaction sees them. */
  Map<RowId, Row> rows(int owner) {
    Map<RowId, Row> rows = model.rows(owner);
    written.forEach(
        (id, row) -> {
          if (id.owner() == owner) {
            rows.remove(id);
            row.ifPresent(present -> rows.put(id, present));
          }
        });
    return rows;
  }

  void insert(Map<RowId, Row> rows) throws SQLException {
    perform(statements.insert(rows.values()), puts(rows));
  }

  void insert(RowId id, Row row) throws SQLException {
    insert(Map.of(id, row));
  }

  void upsert(RowId id, Row proposed, Row result) throws SQLException {
    int expected = dialect.upsertCount(row(id).isPresent());
    performCounted(statements.upsert(proposed), expected, List.of(new Effect.Put(id, result)));
  }

  void update(RowId id, Row after) throws SQLException {
    perform(statements.update(require(id), after), List.of(new Effect.Put(id, after)));
  }

  /** Gives the row another key, and with it another id. */
  void move(RowId from, RowId to, Row after) throws SQLException {
    String sql = statements.update(require(from), after);
    performCounted(sql, 1, List.of(new Effect.Remove(from), new Effect.Put(to, after)));
  }

  void delete(RowId id) throws SQLException {
    perform(statements.delete(require(id)), List.of(new Effect.Remove(id)));
  }

  /** Runs a statement that touches exactly one row per effect. */
  void perform(String sql, List<Effect> changes) throws SQLException {
    performCounted(sql, changes.size(), changes);
  }

  /** Runs a statement that must touch this many rows, and has these effects. */
  void performCounted(String sql, int expected, List<Effect> changes) throws SQLException {
    perform(() -> session.update(sql), expected, changes);
  }

  /** Runs a prepared statement that touches exactly one row. */
  void performPrepared(String sql, Session.Binder parameters, Effect change) throws SQLException {
    perform(() -> session.updatePrepared(sql, parameters), 1, List.of(change));
  }

  /** Notes an effect of a statement that ran already, within this open transaction. */
  void remember(Effect effect) {
    if (autocommit) {
      throw new IllegalStateException("in autocommit it is too late to note an effect");
    }
    add(List.of(effect));
  }

  private void perform(Step step, int expected, List<Effect> changes) throws SQLException {
    if (!autocommit) {
      requireCount(step.run(), expected);
      add(changes);
    } else if (committer.needsProof()) {
      session.begin();
      int count = step.run();
      committer.commit(session, model, changes);
      requireCount(count, expected);
    } else {
      int count = committer.autocommit(step, model, changes);
      requireCount(count, expected);
      model.apply(changes);
    }
  }

  private void requireCount(int count, int expected) {
    if (count != expected) {
      throw new LostWriteException("statement touched " + count + " rows instead of " + expected);
    }
  }

  private void add(List<Effect> changes) {
    effects.addAll(changes);
    for (Effect effect : changes) {
      if (effect instanceof Effect.Put put) {
        written.put(put.id(), Optional.of(put.row()));
      } else if (effect instanceof Effect.Remove) {
        written.put(effect.id(), Optional.empty());
      }
    }
  }

  private Row require(RowId id) {
    return row(id).orElseThrow(() -> new IllegalStateException("no row " + id));
  }

  static List<Effect> puts(Map<RowId, Row> rows) {
    List<Effect> puts = new ArrayList<>();
    rows.forEach((id, row) -> puts.add(new Effect.Put(id, row)));
    return puts;
  }

  static List<Effect> removals(Collection<RowId> ids) {
    return ids.stream().<Effect>map(Effect.Remove::new).toList();
  }

  Session session() {
    return session;
  }

  Statements statements() {
    return statements;
  }

  /** Runs a part of the transaction and takes it back. */
  void undone(Part part) throws SQLException {
    List<Effect> effectsBefore = new ArrayList<>(effects);
    Map<RowId, Optional<Row>> writtenBefore = new TreeMap<>(written);
    Savepoint savepoint = session.savepoint();
    part.run();
    session.rollbackTo(savepoint);
    effects = effectsBefore;
    written = writtenBefore;
  }

  /** Commits, and applies the effects to the model when the server has said so. */
  void commit() throws SQLException {
    if (!autocommit) {
      committer.commit(session, model, effects);
    }
  }

  /** A part of a transaction. */
  interface Part {
    void run() throws SQLException;
  }

  /** A statement; returns how many rows it touched. */
  interface Step {
    int run() throws SQLException;
  }
}

package io.zdmosc.harness.workload.writer;

import io.zdmosc.harness.workload.WorkloadOptions;
import io.zdmosc.harness.workload.model.Model;
import io.zdmosc.harness.workload.model.Row;
import io.zdmosc.harness.workload.model.RowId;
import io.zdmosc.harness.workload.table.Change;
import io.zdmosc.harness.workload.table.Shape;
import io.zdmosc.harness.workload.table.TableCase;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** What an operation has at hand: rows to choose from, and transactions. Used by one thread. */
final class Desk {
  private final Shared shared;
  private final int owner;
  private final Session session;
  private Statements statements;

  Desk(Shared shared, int owner, Session session) {
    this.shared = shared;
    this.owner = owner;
    this.session = session;
    useShape(Shape.before(shared.tableCase().table()));
  }

  /** Builds statements for these names from now on. */
  void useShape(Shape shape) {
    statements = new Statements(shared.tableCase().dialect(), shared.columns(), shape);
  }

  int owner() {
    return owner;
  }

  Session session() {
    return session;
  }

  Statements statements() {
    return statements;
  }

  Model model() {
    return shared.model();
  }

  Columns columns() {
    return shared.columns();
  }

  WorkloadOptions options() {
    return shared.options();
  }

  Change change() {
    return shared.tableCase().change();
  }

  TableCase tableCase() {
    return shared.tableCase();
  }

  Control control() {
    return shared.control();
  }

  RowMaker maker(int of) {
    return shared.maker(of);
  }

  /** Chooses an existing row of the owner, if there is one. */
  Optional<RowId> anyRow(Random random, int of) {
    long slots = shared.slotsPerOwner() * (model().owners() + 1L);
    long around = (long) (random.nextDouble() * slots * 1.2 - slots * 0.2);
    return model().near(of, around);
  }

  /** Chooses an id of the owner that has no row, if there is room. */
  Optional<RowId> freeId(Random random, int of, Transaction tx) {
    long slots = shared.slotsPerOwner();
    long start = random.nextInt((int) slots);
    for (long i = 0; i < 50; i++) {
      RowId id = model().id(of, (start + i) % slots);
      if (tx.row(id).isEmpty() && !model().unresolved().contains(id)) {
        return Optional.of(id);
      }
    }
    return Optional.empty();
  }

  Row fresh(Random random, RowId id) {
    return maker(id.owner()).fresh(random, id, model(), random.nextInt(3) > 0);
  }

  /** Runs a transaction over the writer's own rows; commits unless the body says no. */
  void transaction(Body body) throws SQLException {
    locked(List.of(owner), false, body);
  }

  /** Runs statements over the writer's own rows, each of which commits by itself. */
  void autocommit(Body body) throws SQLException {
    locked(List.of(owner), true, body);
  }

  /** Runs a transaction over the rows of several owners; skips it if one of them is busy. */
  void shared(List<Integer> owners, Body body) throws SQLException {
    locked(owners.stream().sorted().distinct().toList(), false, body);
  }

  /** Runs a transaction over hot rows, without any lock. */
  void unlocked(boolean autocommit, Body body) throws SQLException {
    run(autocommit, body);
  }

  /** Does something while no transaction on the writer's own rows is under way. */
  void whileNobodyWrites(Transaction.Part part) throws SQLException {
    holding(List.of(owner), part);
  }

  private void locked(List<Integer> owners, boolean autocommit, Body body) throws SQLException {
    holding(owners, () -> run(autocommit, body));
  }

  /** Takes the locks in their order, so that nobody waits in a circle. */
  private void holding(List<Integer> owners, Transaction.Part part) throws SQLException {
    ReentrantLock lock = model().lock(owners.get(0));
    List<Integer> rest = owners.subList(1, owners.size());
    if (!acquire(lock, owners.get(0) == owner ? 60_000 : 100)) {
      return;
    }
    try {
      if (rest.isEmpty()) {
        part.run();
      } else {
        holding(rest, part);
      }
    } finally {
      lock.unlock();
    }
  }

  private static boolean acquire(ReentrantLock lock, long millis) {
    try {
      return lock.tryLock(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Ends in every case, so that the locks are not given back while something is open. */
  private void run(boolean autocommit, Body body) throws SQLException {
    Transaction tx =
        new Transaction(
            tableCase().dialect(), session, statements, model(), shared.committer(), autocommit);
    try {
      if (body.run(tx)) {
        tx.commit();
      }
    } finally {
      session.rollback();
    }
  }

  /** What happens within a transaction; returns whether to commit. */
  @FunctionalInterface
  interface Body {
    boolean run(Transaction tx) throws SQLException;
  }
}

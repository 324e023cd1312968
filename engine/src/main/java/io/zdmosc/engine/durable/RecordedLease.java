package io.zdmosc.engine.durable;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.error.BusyException;
import io.zdmosc.engine.error.LeaseLostException;
import io.zdmosc.engine.progress.Progress;
import io.zdmosc.engine.spi.ControlSession;
import io.zdmosc.engine.spi.Orders;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A lease, by the statements of one kind of server: a lock that ends with the connection, so that a
 * process that dies gives it up, and an epoch in the record, so that one that has lost it without
 * knowing writes nothing any more. Thread-safe.
 */
public abstract class RecordedLease implements ControlSession.Taking {
  private final long migrationId;
  private long epoch = 1;
  private MigrationState state = MigrationState.PLANNED;
  private String order = "";

  protected RecordedLease(long migrationId) {
    this.migrationId = migrationId;
  }

  /** What the record says once the epoch is raised. */
  public record Taken(long epoch, String state, String order) {}

  /** Takes the lock; false when another has it, also after some seconds. */
  protected abstract boolean lock() throws SQLException;

  /** Connects anew, without the lock. */
  protected abstract void reconnect() throws SQLException;

  /** Raises the epoch, and writes the owner; empty when there is no such migration. */
  protected abstract Optional<Taken> raiseEpoch(String owner) throws SQLException;

  /** Ends all connections that have seen an earlier epoch. */
  protected abstract void endWorkers() throws SQLException;

  /** The state that the tables show where a process has died before it could record it. */
  protected MigrationState found(MigrationState recorded) throws SQLException {
    return recorded;
  }

  /** Writes a state in one transaction; false when the epoch is another one by now. */
  protected abstract boolean write(long presentEpoch, MigrationState next, String detail)
      throws SQLException;

  /**
   * Reads what is ordered.
   *
   * @throws LeaseLostException when the lock is known to be lost
   */
  protected abstract Orders readOrders() throws SQLException;

  /** Writes how the migration stands; need not be durable. */
  protected abstract void writeReport(String text) throws SQLException;

  protected abstract boolean isConnectionLoss(SQLException e);

  /** The failure of what was being done, with the server's words. */
  protected abstract RuntimeException failed(String doing, SQLException e);

  /** The failure of this message, to which the server's words are added. */
  protected abstract RuntimeException lost(String message, String next, SQLException e);

  @Override
  public final synchronized void take() throws SQLException {
    if (!lock()) {
      throw BusyException.driven(migrationId);
    }
  }

  @Override
  public final synchronized void begin(String owner) throws SQLException {
    Taken taken = raiseEpoch(owner).orElseThrow(() -> new LeaseLostException(migrationId));
    epoch = taken.epoch();
    order = String.valueOf(taken.order());
    endWorkers();
    state = found(MigrationState.ofLabel(taken.state()));
  }

  @Override
  public final long migrationId() {
    return migrationId;
  }

  @Override
  public final MigrationState state() {
    return state;
  }

  @Override
  public final String order() {
    return order;
  }

  /** The one that whoever works for this lease must find in the record. */
  protected final long epoch() {
    return epoch;
  }

  @Override
  public final synchronized void transition(MigrationState next, String detail) {
    try {
      try {
        requireWritten(next, detail);
      } catch (SQLException e) {
        if (!next.isTerminal() || !isConnectionLoss(e)) {
          throw e;
        }
        reconnect();
        take(); // another process may have the lock by now: then it has the last word
        requireWritten(next, detail);
      }
    } catch (SQLException e) {
      throw failed("recording state " + next.label(), e);
    }
  }

  private void requireWritten(MigrationState next, String detail) throws SQLException {
    if (!write(epoch, next, detail)) {
      throw new LeaseLostException(migrationId);
    }
  }

  @Override
  public final synchronized Orders check() {
    try {
      return readOrders();
    } catch (SQLException e) {
      throw lost(
          "The lease of migration " + migrationId + " is lost: ",
          "zdm-osc cleanup, then run the migration again.",
          e);
    }
  }

  @Override
  public final synchronized void report(Progress progress) {
    try {
      writeReport(RecordText.write(progress));
    } catch (SQLException e) {
      throw failed("writing down how migration " + migrationId + " stands", e);
    }
  }
}

package io.zdmosc.engine.spi;

import io.zdmosc.engine.plan.Plan;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One connection to the control schema: the statements of a {@link ControlStore}, which decides on
 * their order and on what they mean. Each fails with the server's words. Not thread-safe.
 */
public interface ControlSession extends AutoCloseable {
  /** Whether the control schema is there. */
  boolean exists() throws SQLException;

  /** Makes what is missing of it. */
  void create() throws SQLException;

  /** The plan's table, as {@link #open} names it. */
  String tableName(Plan plan) throws SQLException;

  /**
   * Writes a new migration, which this process owns; its number.
   *
   * @throws SQLException {@link #isUniqueConflict} when the table or the entry has one already
   */
  long insert(Plan plan, String order, boolean dryRun, OptionalLong scheduleEntry)
      throws SQLException;

  boolean isUniqueConflict(SQLException e);

  /** Those that are unfinished, in the order of their numbers, without their objects. */
  List<ControlStore.Unfinished> open() throws SQLException;

  /** What a migration has left on the server, in words. */
  List<String> objects(long id) throws SQLException;

  /** What keeps a migration from being gone on with, in words; empty when nothing does. */
  Optional<String> obstacle(long id) throws SQLException;

  List<MigrationStatus> latest(int count) throws SQLException;

  List<Transition> history(long id) throws SQLException;

  Orders orders(long id) throws SQLException;

  /** False when there is no such migration, or it has ended. */
  boolean write(long id, Orders orders) throws SQLException;

  /** Ends the connection that holds the lease. */
  void endLease(long id) throws SQLException;

  /** The lease, not taken yet; it owns this connection from now on. */
  Taking lease(long id);

  /**
   * Removes what a migration has left.
   *
   * @param rolledBack whether the table that serves no more is to stay
   * @return what could not be removed, in words
   */
  List<String> removeObjects(long id, boolean rolledBack) throws SQLException;

  @Override
  void close();

  /** A lease that is being taken. */
  interface Taking extends ControlStore.Lease {
    /**
     * Takes the lock.
     *
     * @throws io.zdmosc.engine.error.BusyException when another process has it
     */
    void take() throws SQLException;

    /**
     * Makes sure that nobody else works on the migration: raises the epoch, then ends all
     * connections that have seen an earlier one. The lock is taken already.
     */
    void begin(String owner) throws SQLException;
  }
}

package io.zdmosc.engine.spi;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.progress.Progress;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/**
 * The durable record of migrations, in the same database as the table. Every method commits before
 * it returns.
 */
public interface ControlStore {
  /**
   * Registers a migration in state {@code planned} and takes its lease, which is held until {@link
   * Lease#close} or the end of the connection.
   *
   * @param order is kept with it, for {@link Lease#order}
   * @param scheduleEntry for which it is done; an entry never has two migrations
   * @throws io.zdmosc.engine.error.BusyException when another migration of the table is unfinished,
   *     whether its process lives or not, or the entry has one already
   */
  Lease register(Plan plan, String order, boolean dryRun, OptionalLong scheduleEntry);

  /** As above, for a migration that was not scheduled. */
  default Lease register(Plan plan, String order, boolean dryRun) {
    return register(plan, order, dryRun, OptionalLong.empty());
  }

  /**
   * Takes over an unfinished migration, dry runs excepted. When this returns, no connection of an
   * earlier process works on the migration any more, and such a process, should it be alive, can
   * open no other one.
   *
   * @param takeOver also from a process that still holds the lease
   * @throws io.zdmosc.engine.error.RefusedException when there is no such migration, or it has
   *     ended
   * @throws io.zdmosc.engine.error.BusyException when another process holds its lease
   */
  Lease resume(long migrationId, boolean takeOver);

  /** Migrations that have not ended, whoever drives them. */
  List<Unfinished> unfinished();

  /** The latest migrations, ended ones included, the latest first. */
  List<MigrationStatus> latest(int count);

  /** What a migration has gone through, from the beginning. */
  List<Transition> history(long migrationId);

  /**
   * Changes what is wanted of an unfinished migration. Its process hears of it within seconds, or
   * the one that goes on with it.
   */
  void order(long migrationId, UnaryOperator<Orders> change);

  /**
   * Removes everything that a dead migration left behind.
   *
   * @return what could not be removed, in words
   */
  List<String> remove(Unfinished migration);

  /** What plans that were killed have left, in words; empty where a plan leaves nothing. */
  default List<String> strays() {
    return List.of();
  }

  /**
   * Removes it.
   *
   * @return what could not be removed, in words
   */
  default List<String> removeStrays() {
    return List.of();
  }

  /**
   * A migration without an end.
   *
   * @param alive true when a process holds its lease
   * @param objects what it left on the server, in words
   */
  record Unfinished(
      long id, String table, MigrationState state, boolean alive, List<String> objects) {}

  /** The right to drive one migration. */
  interface Lease extends AutoCloseable {
    long migrationId();

    /** The state that was recorded when the lease was taken. */
    MigrationState state();

    /** What was kept at the registration. */
    String order();

    /**
     * Writes the new state. Nothing that relies on it may happen before this has returned.
     *
     * @throws io.zdmosc.engine.error.LeaseLostException when another process has taken over
     */
    void transition(MigrationState state, String detail);

    /**
     * What is wanted of the migration now.
     *
     * @throws io.zdmosc.engine.error.ZdmException when the lease is lost: another process may drive
     *     the migration now
     */
    Orders check();

    /**
     * Writes down how the migration stands, for {@link MigrationStatus#report}. Cheap: it is not
     * waited for until it is durable, and the next report replaces it.
     */
    void report(Progress progress);

    @Override
    void close();
  }
}

package io.zdmosc.engine.spi;

import io.zdmosc.engine.ChangeRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/** A server and a database on it. */
public interface Database extends AutoCloseable {
  /** Server, version and database, in words. */
  String describe();

  /**
   * Checks the change and works out everything about it, without leaving anything behind.
   *
   * @throws io.zdmosc.engine.error.RefusedException with all the reasons at once
   */
  PlannedChange plan(ChangeRequest request);

  /** The durable record of migrations; creates its schema if there is none. */
  ControlStore control();

  /** Connects to the schedule; creates the control schema if there is none. */
  ScheduleSession openSchedule();

  /**
   * The record of a table's traffic.
   *
   * @throws io.zdmosc.engine.error.RefusedException when there is no such table
   */
  TrafficLog traffic(String table);

  /** Opens a look at the server's load; the migration's number may be 0 for a first look. */
  LoadWatch openLoad(long migrationId);

  /**
   * Connects to a replica, with the user and the password of this database unless its URL says
   * otherwise.
   *
   * @throws io.zdmosc.engine.error.RefusedException when that is not possible, or not a replica
   */
  ReplicaWatch openReplica(String url);

  /** URLs of the replicas that the server knows how to reach. */
  List<String> replicas();

  /**
   * Opens what an earlier process has prepared, as it was prepared then. Where it had not come to
   * that, removes what there is of it, so that it can be planned and prepared anew.
   *
   * @param lease from {@link ControlStore#resume}
   * @return empty when nothing had been prepared
   * @throws io.zdmosc.engine.error.RefusedException when what was recorded cannot be used
   */
  Optional<PreparedChange> reopen(ControlStore.Lease lease);

  /**
   * Writes the retired table of a migration whose new table serves as SQL that makes it anew, under
   * its present name, with all rows of one snapshot.
   *
   * @throws io.zdmosc.engine.error.RefusedException when there is no such table
   */
  void dumpRetired(long migrationId, OutputStream to) throws IOException;

  /**
   * Cancels whatever statements are running for a migration; their callers fail. For a stop that
   * cannot wait. Clean-up and the durable record are never cancelled.
   */
  void interrupt();

  @Override
  void close();
}

package io.zdmosc.engine.spi;

import io.zdmosc.engine.ChangeRequest;

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

  /**
   * The record of a table's traffic.
   *
   * @throws io.zdmosc.engine.error.RefusedException when there is no such table
   */
  TrafficLog traffic(String table);

  /**
   * Cancels whatever statements are running for a migration; their callers fail. For a stop that
   * cannot wait. Clean-up and the durable record are never cancelled.
   */
  void interrupt();

  @Override
  void close();
}

package io.zdmosc.postgres.stream;

import io.zdmosc.postgres.sql.Session;
import io.zdmosc.postgres.sql.SessionFactory;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Says for whom a slot's creation waits: the server makes a slot only when every transaction that
 * was writing at the time, in any database, has ended. Silent for the first two seconds, then once
 * in ten. Close it when the slot is there.
 */
final class SlotWait implements AutoCloseable {
  private static final long FIRST_SECONDS = 2;
  private static final long EVERY_SECONDS = 10;

  private static final String BLOCKERS =
      """
      SELECT format('a transaction of %s (%s, pid %s, database %s, %s) that began %s s ago',
                    coalesce(a.usename, 'a hidden role'), coalesce(nullif(a.application_name, ''),
                    'no name'), b.pid, a.datname, coalesce(a.state, 'state unknown'),
                    coalesce(round(extract(epoch FROM clock_timestamp() - a.xact_start))::text, '?'))
        FROM unnest(pg_blocking_pids(?::int)) AS b(pid)
        JOIN pg_stat_activity a ON a.pid = b.pid
      UNION ALL
      SELECT format('the prepared transaction %L of %s (database %s) from %s s ago', p.gid, p.owner,
                    p.database, round(extract(epoch FROM clock_timestamp() - p.prepared)))
        FROM pg_locks l JOIN pg_prepared_xacts p ON p.transaction = l.transactionid
       WHERE l.pid = ?::int AND NOT l.granted AND l.locktype = 'transactionid'\
      """;

  private final SessionFactory sessions;
  private final String pid;
  private final Consumer<String> notes;
  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread thread = new Thread(this::watch, "zdm-slot-wait");

  private SlotWait(SessionFactory sessions, String pid, Consumer<String> notes) {
    this.sessions = sessions;
    this.pid = pid;
    this.notes = notes;
  }

  /** Watches the backend of this session, which is about to make the slot. */
  static SlotWait watch(SessionFactory sessions, Session creator, Consumer<String> notes)
      throws SQLException {
    String pid = creator.text("SELECT pg_backend_pid()::text").orElseThrow();
    SlotWait wait = new SlotWait(sessions, pid, notes);
    wait.thread.setDaemon(true);
    wait.thread.start();
    return wait;
  }

  private void watch() {
    try {
      if (done.await(FIRST_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
      try (Session session = sessions.open("slot wait")) {
        do {
          say(session);
        } while (!done.await(EVERY_SECONDS, TimeUnit.SECONDS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException | RuntimeException | Error e) {
      if (done.getCount() > 0) {
        notes.accept("the change stream cannot begin yet; for whom it waits is not known: " + e);
      }
    }
  }

  private void say(Session session) throws SQLException {
    List<String> blockers = session.query(BLOCKERS, row -> row.getString(1), pid, pid);
    if (done.getCount() > 0) {
      notes.accept(
          blockers.isEmpty()
              ? "the change stream cannot begin yet: the server is still making the slot"
              : "the change stream cannot begin before this has ended: "
                  + String.join("; ", blockers));
    }
  }

  /** Nothing is said any more once this has returned. */
  @Override
  public void close() {
    done.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

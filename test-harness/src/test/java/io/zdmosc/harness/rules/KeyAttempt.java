package io.zdmosc.harness.rules;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.CutOver;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.PlannedChange;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.harness.server.mysql.MySqlDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A cut-over that is about to begin, without a stream. */
record KeyAttempt(ControlStore.Lease lease, PreparedChange change, CutOver cutOver)
    implements AutoCloseable {
  static final Duration BUDGET = Duration.ofMinutes(1);
  static final String CHANGE = "ADD COLUMN x INT";

  static KeyAttempt prepare(Database opened, MySqlDatabase database) throws SQLException {
    PlannedChange planned = opened.plan(new ChangeRequest("t", CHANGE));
    ControlStore.Lease lease = opened.control().register(planned.plan(), "", false);
    PreparedChange change = planned.prepare(lease, true, note -> {});
    database.execute(
        "INSERT INTO t_zdm"
            + lease.migrationId()
            + "_new (id, code, p, ra, rb, up, v) SELECT * FROM t");
    change.builds(1 << 20).forEach(step -> step.run(1));
    CutOver cutOver = change.openCutOver();
    cutOver.approach(BUDGET);
    return new KeyAttempt(lease, change, cutOver);
  }

  CompletableFuture<Void> lock(Duration timeout) {
    return Background.run(() -> cutOver.lock(timeout, BUDGET));
  }

  @Override
  public void close() {
    cutOver.close();
    change.close();
    lease.close();
  }
}

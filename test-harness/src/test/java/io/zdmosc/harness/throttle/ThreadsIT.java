package io.zdmosc.harness.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.harness.workload.Site;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The number of threads is changed while they copy. */
@Tag("alone")
class ThreadsIT {
  static List<Site> sites() {
    return Site.all();
  }

  @ParameterizedTest
  @MethodSource("sites")
  void threadsGrowAndShrinkWhileTheyCopyAndNoChunkIsLost(Site site) throws Exception {
    try (ThrottledRun run =
        new ThrottledRun(site.database(), ThrottledRun.options().withThreads(1))) {
      run.await(present -> present.state() == MigrationState.COPYING && run.copiers.get() == 1);
      order(run, 5);
      run.await(present -> run.copiers.get() == 5 && present.threads() == 5);
      order(run, 2);
      run.await(present -> run.copiers.get() == 2 && present.threads() == 2);
      assertThat(run.status().state()).isEqualTo(MigrationState.COPYING);
      order(run, 24);
      assertThat(run.endsWell().rowsCopied()).isEqualTo(ThrottledRun.ROWS);
    }
  }

  private static void order(ThrottledRun run, int threads) {
    run.order(orders -> orders.limited(Optional.of(threads), Optional.empty(), Optional.empty()));
  }
}

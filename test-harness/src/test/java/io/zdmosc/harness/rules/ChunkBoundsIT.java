package io.zdmosc.harness.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.progress.Summary;
import io.zdmosc.engine.spi.ChunkPlanner;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.harness.server.SharedServers;
import io.zdmosc.harness.server.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bounds of large ranges come from a sample; they must be as good as counted ones. */
class ChunkBoundsIT {

  private static final int ROWS = 400_000;
  private static final int RANGE = 50_000;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "id int PRIMARY KEY                   | i",
        "id bigint PRIMARY KEY                | i * CASE WHEN i < 200000 THEN 1 ELSE 1000000::bigint END",
        "id uuid PRIMARY KEY                  | md5(i::text)::uuid",
        "id text COLLATE \"en-x-icu\" PRIMARY KEY | md5(i::text)",
      })
  void largeRangesFollowEachOtherAndAreOfAboutTheirSize(String column, String value)
      throws Exception {
    try (TestDatabase database = SharedServers.freshDatabase(SharedServers.newestMajor())) {
      database.execute(
          "CREATE TABLE t (" + column + ", v text)",
          "INSERT INTO t SELECT "
              + value
              + ", repeat('x', 100) FROM generate_series(1, "
              + ROWS
              + ") AS i",
          "ANALYZE t");
      List<Key> bounds = new ArrayList<>();
      Summary summary =
          Run.start(
                  database,
                  "t",
                  "ADD COLUMN w int",
                  change ->
                      new ChangeDelegate(change) {
                        @Override
                        public ChunkPlanner openPlanner() {
                          if (bounds.isEmpty()) {
                            try (ChunkPlanner planner = super.openPlanner()) {
                              walk(planner, bounds);
                            }
                          }
                          return super.openPlanner();
                        }
                      })
              .await();

      assertThat(summary.rowsCopied()).isEqualTo(ROWS);
      List<Integer> sizes = sizes(database, bounds);
      assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(ROWS);
      assertThat(sizes).hasSizeBetween(ROWS / RANGE / 2, ROWS / RANGE * 2);
      // all but the last one, which is what is left
      assertThat(sizes.subList(0, sizes.size() - 1)).allMatch(size -> size > 0 && size < 3 * RANGE);
    }
  }

  private static void walk(ChunkPlanner planner, List<Key> bounds) {
    Optional<Key> last = Optional.empty();
    do {
      last = planner.boundaryAfter(last, RANGE, Optional.empty());
      last.ifPresent(bounds::add);
    } while (last.isPresent());
  }

  /** The rows in each range, in the server's order; negative ones where bounds run backwards. */
  private static List<Integer> sizes(TestDatabase database, List<Key> bounds) throws SQLException {
    List<Integer> sizes = new ArrayList<>();
    int before = 0;
    for (Key bound : bounds) {
      int upTo =
          Integer.parseInt(
              database.queryText("SELECT count(*) FROM t WHERE id <= '" + bound.column(0) + "'"));
      sizes.add(upTo - before);
      before = upTo;
    }
    sizes.add(ROWS - before);
    return sizes;
  }
}

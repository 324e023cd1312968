package io.zdmosc.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.MigrationState;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class LineRendererTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final LineRenderer renderer =
      new LineRenderer(
          new PrintStream(bytes, true, StandardCharsets.UTF_8),
          Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC));

  @Test
  void writesALineForEachStateAndSeldomOneForProgress() {
    renderer.onProgress(Samples.progress("replica lag"));
    renderer.onProgress(Samples.progress(""));
    renderer.onState(MigrationState.INDEXING, "");
    renderer.onProgress(Samples.progress(""));
    renderer.onNote("something to know:\na detail");

    assertThat(text().lines())
        .containsExactly(
            "03:04:05  copying: 52.3 %, 104,600 of 200,000 rows, 38,200 rows/s, ETA 2 s,"
                + " lag 1.1 MB 300 ms, delta 1,204 keys, 35,000 changes applied,"
                + " chunk 480 ms (12,000 rows), 2 threads, throttled: replica lag",
            "03:04:05  indexing", "03:04:05  something to know:", "          a detail");
  }

  @Test
  void writesPlanAndSummaryForPeople() {
    renderer.onPlan(Samples.plan());
    renderer.onSummary(Samples.summary());
    renderer.close();

    assertThat(text())
        .contains("public.users: about 200,000 rows, 30.0 MB and 12.0 MB of indexes")
        .contains("Identity   (id) by users_pkey (primary key)")
        .contains("views keep their old definition")
        .contains("Done: public.users has its new shape.")
        .contains("201,000 rows, no difference")
        .contains("held writers 13 ms at most, 2 attempts")
        .contains("public.users_zdm_old")
        .doesNotContain("\u001b");
  }

  private String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}

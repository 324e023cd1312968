package io.zdmosc.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.error.CutOverNotReachedException;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.plan.Estimate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonRendererTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final Clock clock =
      Clock.fixed(Instant.parse("2026-01-02T03:04:05.678Z"), ZoneOffset.UTC);
  private final JsonLines lines =
      new JsonLines(new PrintStream(bytes, true, StandardCharsets.US_ASCII), clock);
  private final JsonRenderer renderer = new JsonRenderer(lines);

  @Test
  void writesOneObjectALineEachWithEventAndTime() throws IOException {
    renderer.onPlan(Samples.plan());
    renderer.onState(MigrationState.CATCHING_UP, "two\nlines");
    renderer.onProgress(Samples.progress(""));
    renderer.onNote("\u00fcber");
    renderer.onEstimate(new Estimate(1, 2, 3, 4, 5, 6));
    renderer.onSummary(Samples.summary());
    renderer.close();

    List<JsonNode> events = events();
    assertThat(events)
        .extracting(event -> event.get("event").asText())
        .containsExactly("plan", "state", "progress", "note", "estimate", "summary");
    assertThat(events)
        .allSatisfy(
            event -> assertThat(event.get("time").asText()).isEqualTo("2026-01-02T03:04:05.678Z"));
    assertThat(events.get(0).at("/steps/1/lock").asText()).isEqualTo("ACCESS EXCLUSIVE");
    assertThat(events.get(1).get("state").asText()).isEqualTo("catching up");
    assertThat(events.get(3).get("message").asText()).isEqualTo("\u00fcber");
    assertThat(events.get(4).get("seconds").asDouble()).isEqualTo(9.0);
  }

  @Test
  void summaryHasTheFieldsThatScriptsRelyOn() throws IOException {
    renderer.onSummary(Samples.summary());

    JsonNode summary = events().get(0);
    assertThat(summary.get("state").asText()).isEqualTo("swapped");
    assertThat(summary.get("rows_copied").asLong()).isEqualTo(200_000);
    assertThat(summary.get("changes_applied").asLong()).isEqualTo(35_000);
    assertThat(summary.get("verified_rows").asLong()).isEqualTo(201_000);
    assertThat(summary.get("divergent_rows").asLong()).isZero();
    assertThat(summary.get("cut_over_stall_ms").asDouble()).isEqualTo(12.5);
    assertThat(summary.get("cut_over_attempts").asInt()).isEqualTo(2);
    assertThat(summary.get("seconds").asDouble()).isEqualTo(31.4);
  }

  @Test
  void writesAnUnknownEtaAsNull() throws IOException {
    renderer.onProgress(Samples.progressWithoutTotal());
    assertThat(events().get(0).get("eta_seconds").isNull()).isTrue();
  }

  @Test
  void writesProgressOnceASecondOnly() throws IOException {
    renderer.onProgress(Samples.progress(""));
    renderer.onProgress(Samples.progress(""));
    assertThat(events()).hasSize(1);
    renderer.onState(MigrationState.INDEXING, "");
    renderer.onProgress(Samples.progress(""));
    assertThat(events()).hasSize(3);
  }

  @Test
  void writesErrorsWithTheirExitStatusAndAllProblems() throws IOException {
    lines.write("error", JsonShape.of(RefusedException.of("--table", "is missing", "Name it.")));
    lines.write(
        "error", JsonShape.of(new CutOverNotReachedException("no opening", "as before", "again")));

    JsonNode refused = events().get(0);
    assertThat(refused.get("exit_code").asInt()).isEqualTo(2);
    assertThat(refused.get("state").asText()).isEqualTo("Nothing was touched.");
    assertThat(refused.at("/problems/0/object").asText()).isEqualTo("--table");
    JsonNode notReached = events().get(1);
    assertThat(notReached.get("kind").asText()).isEqualTo("cut_over_not_reached");
    assertThat(notReached.get("exit_code").asInt()).isEqualTo(4);
    assertThat(notReached.get("next").asText()).isEqualTo("again");
  }

  private List<JsonNode> events() throws IOException {
    List<JsonNode> events = new ArrayList<>();
    for (String line : bytes.toString(StandardCharsets.UTF_8).lines().toList()) {
      events.add(new ObjectMapper().readTree(line));
    }
    return events;
  }
}

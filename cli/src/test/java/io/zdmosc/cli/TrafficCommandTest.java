package io.zdmosc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.spi.TrafficLog;
import io.zdmosc.engine.traffic.TrafficSample;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrafficCommandTest {
  /** Monday, 2026-11-16. */
  private static final Instant MONDAY = Instant.parse("2026-11-16T00:00:00Z");

  @TempDir private Path folder;

  private Tool tool;
  private final FakeLog log = new FakeLog();

  @BeforeEach
  void openTool() {
    tool = new Tool(folder);
    tool.database.traffic = log;
  }

  @Test
  void drawsTheWeekAndProposesTheQuietHours() {
    log.aWeek();

    assertThat(traffic("--zone", "UTC")).isZero();

    assertThat(tool.out())
        .contains("     00    03    06    09    12    15    18    21\n")
        .contains("Mon  ██████······████████████████████████████████████\n")
        .contains("Sun  ················································\n")
        .contains("·· up to 5.0  ░░ up to 25  ▒▒ up to 50  ▓▓ up to 75  ██ up to 100 rows/s")
        .contains("the whole server, observed for 168 h 0 min")
        .contains("Proposed: --window 'Mon-Sat 03:00-06:00 UTC; Sun 00:00-24:00'");
  }

  @Test
  void saysWhenThereIsNothingToShow() {
    assertThat(traffic("--zone", "UTC")).isZero();
    assertThat(tool.out())
        .contains("Too few samples", "Next: zdm-osc traffic --table users --observe 24h\n");
  }

  @Test
  void quotesTheTableForTheShellInTheNextCommand() {
    String table = "\"it's mine\".\"t\"";
    assertThat(tool.run("traffic", "--url=jdbc:fake:x", "--table", table)).isZero();
    assertThat(tool.out()).contains("--table '\"it'\\''s mine\".\"t\"' --observe 24h");
    assertThat(tool.run("run", "--url=jdbc:fake:x", "--alter=", "--window=auto", "--table", table))
        .isEqualTo(2);
    assertThat(tool.err()).contains("--table '\"it'\\''s mine\".\"t\"' --observe 24h");
  }

  @Test
  void samplesForTheTimeThatIsAsked() {
    assertThat(traffic("--observe=2s", "--every=1s", "--zone=UTC")).isZero();

    assertThat(log.samples).hasSizeGreaterThanOrEqualTo(3);
    assertThat(tool.out()).contains("Sampling the writes to shop.users every 1 s for 2 s");
    assertThat(tool.out())
        .contains("No proposal yet", "Next: zdm-osc traffic --table users --observe 24h");
  }

  @Test
  void aServerThatIsAwayDoesNotEndTheObservation() {
    log.failures = 1;

    assertThat(traffic("--observe=2s", "--every=1s", "--zone=UTC")).isZero();

    assertThat(tool.out()).contains("No sample: away");
    assertThat(log.samples).isNotEmpty();
  }

  @Test
  void writesJson() {
    log.aWeek();

    assertThat(traffic("--zone=UTC", "--output=json")).isZero();

    assertThat(tool.out().lines())
        .singleElement()
        .asString()
        .contains("\"event\":\"traffic\"", "\"tableRowsPerSecond\":[100.0,100.0,100.0,1.0,")
        .contains("\"proposedWindow\":\"Mon-Sat 03:00-06:00 UTC; Sun 00:00-24:00\"");
  }

  @Test
  void wrongInputIsRefusedAtOnce() {
    assertThat(tool.run("traffic", "--url=jdbc:fake:x", "--observe=90d", "--zone=Berlin"))
        .isEqualTo(2);
    assertThat(tool.err()).contains("--table", "90d", "no time zone");
  }

  @Test
  void aRunCanTakeTheProposalOnlyWhenThereIsOne() {
    assertThat(run("--window=auto")).isEqualTo(2);
    assertThat(tool.err())
        .contains("--window auto: knows no quiet hours of users", "--observe 24h")
        .contains("Nothing was touched.");
  }

  @Test
  void windowsThatCannotBeReadAreRefusedBeforeAnythingElse() {
    assertThat(run("--window=Mo 01:00-02:00", "--cut-over-window=at night")).isEqualTo(2);
    assertThat(tool.err())
        .contains("--window: 'Mo 01:00-02:00' cannot be used", "'Mo' is no weekday")
        .contains("--cut-over-window: 'at night' cannot be used");
    assertThat(tool.database.connections).isEmpty();
  }

  private int run(String... more) {
    List<String> arguments = new ArrayList<>(List.of("run", "--url=jdbc:fake:x", "--table=users"));
    arguments.add("--alter=");
    arguments.addAll(List.of(more));
    return tool.run(arguments.toArray(String[]::new));
  }

  private int traffic(String... more) {
    List<String> arguments = new ArrayList<>(List.of("traffic", "--url=jdbc:fake:x"));
    arguments.add("--table=users");
    arguments.addAll(List.of(more));
    return tool.run(arguments.toArray(String[]::new));
  }

  private static final class FakeLog implements TrafficLog {
    private final List<TrafficSample> samples = new ArrayList<>();
    private int failures;

    void aWeek() {
      long writes = 0;
      for (int hour = 0; hour <= 7 * 24; hour++) {
        samples.add(new TrafficSample(MONDAY.plusSeconds(hour * 3600L), writes, writes));
        boolean quiet = hour >= 6 * 24 || hour % 24 >= 3 && hour % 24 < 6;
        writes += quiet ? 3600 : 360_000;
      }
    }

    @Override
    public String table() {
      return "shop.users";
    }

    @Override
    public TrafficSample sample() {
      if (samples.size() == 1 && failures-- > 0) {
        throw new MigrationFailedException("away", "", "");
      }
      samples.add(new TrafficSample(Instant.now(), 1, 1));
      return samples.get(samples.size() - 1);
    }

    @Override
    public List<TrafficSample> stored() {
      return List.copyOf(samples);
    }
  }
}

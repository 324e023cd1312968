package io.zdmosc.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.zdmosc.engine.MigrationState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LiveRendererTest {
  private final FakeScreen screen = new FakeScreen();
  private final AtomicLong nanos = new AtomicLong();
  private final LiveRenderer renderer =
      new LiveRenderer(screen, new Pace(Duration.ofMillis(250), nanos::get));

  @Test
  void drawsAtMostFourTimesASecond() {
    for (int millis = 0; millis < 1_000; millis += 10) {
      nanos.set(millis * 1_000_000L);
      renderer.onProgress(Samples.progress(""));
    }
    assertThat(screen.writes).hasSize(4);
  }

  @Test
  void overwritesItsOwnLinesInOneWrite() {
    renderer.onProgress(Samples.progress(""));
    nanos.addAndGet(300_000_000L);
    renderer.onProgress(Samples.progress("replica lag"));

    assertThat(screen.writes.get(1))
        .startsWith("\u001b[3A\r")
        .contains("throttled: replica lag\u001b[K".substring(0, 22))
        .endsWith("\r\n");
  }

  @Test
  void printsNotesAboveTheBlockAndKeepsItBelow() {
    renderer.onProgress(Samples.progress(""));
    screen.writes.clear();
    renderer.onNote("attempt 1 at the cut-over was blocked");

    assertThat(screen.writes.get(0))
        .isEqualTo("\u001b[3A\r\u001b[Jattempt 1 at the cut-over was blocked\r\n");
    assertThat(screen.writes.get(1)).contains("copying");
  }

  @Test
  void leavesTheTerminalAsItWas() {
    renderer.onState(MigrationState.COPYING, "");
    renderer.onProgress(Samples.progress(""));
    renderer.onSummary(Samples.summary());
    renderer.close();
    renderer.close();
    renderer.onProgress(Samples.progress(""));

    String all = String.join("", screen.writes);
    assertThat(all.lastIndexOf("\u001b[?25h")).isGreaterThan(all.lastIndexOf("\u001b[?25l"));
    assertThat(all.substring(all.lastIndexOf("\u001b[?25h"))).contains("Done: public.users");
    assertThat(screen.closed).isEqualTo(1);
  }

  private static final class FakeScreen implements Screen {
    private final List<String> writes = new ArrayList<>();
    private int closed;

    @Override
    public int width() {
      return 100;
    }

    @Override
    public boolean color() {
      return false;
    }

    @Override
    public boolean unicode() {
      return false;
    }

    @Override
    public void write(String text) {
      writes.add(text);
    }

    @Override
    public void close() {
      closed++;
    }
  }
}

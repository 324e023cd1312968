package io.zdmosc.engine.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.throttle.PositionClock;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class GuardsTest {
  private static final long GB = 1L << 30;

  private final List<String> notes = new ArrayList<>();

  private DiskGuard disk(Optional<Long> minFree) {
    return new DiskGuard(new Guards(Optional.empty(), minFree), notes::add);
  }

  private static List<DiskSpace> free(long bytes) {
    return List.of(new DiskSpace("the data directory (/d)", bytes, 100 * GB));
  }

  @Test
  void diskWarnsOnceThenSlowsThenGivesUp() {
    DiskGuard guard = disk(Optional.of(2 * GB));
    guard.look(free(9 * GB));
    assertThat(notes).isEmpty();
    guard.look(free(7 * GB));
    guard.look(free(6 * GB));
    assertThat(notes).singleElement().asString().contains("7.0 GB left on the data directory (/d)");
    assertThat(guard.pressure()).isZero();
    guard.look(free(3 * GB));
    assertThat(guard.pressure()).isEqualTo(0.725, within(1e-9));
    assertThat(guard.reason()).isEqualTo("only 3.0 GB left on the data directory (/d)");
    guard.look(free(2 * GB + 1));
    assertThat(guard.pressure()).isLessThan(1);
    assertThatThrownBy(() -> guard.look(free(2 * GB)))
        .isInstanceOfSatisfying(
            MigrationFailedException.class, e -> assertThat(e.isPassing()).isFalse())
        .hasMessageContaining("2.0 GB of 100.0 GB")
        .hasMessageContaining("--min-free");
  }

  @Test
  void diskOnlyAdvisesWhereLittleIsTaken() {
    DiskGuard guard =
        new DiskGuard(
            new Guards(Optional.empty(), Optional.of(2 * GB)), notes::add, Optional.of("advice"));
    guard.look(free(7 * GB));
    assertThat(notes).isEmpty();
    guard.look(free(2 * GB));
    guard.look(free(GB));
    assertThat(notes)
        .containsExactly(
            "only 2.0 GB left on the data directory (/d), less than 2.0 GB (--min-free); advice");
    guard.look(free(9 * GB));
    guard.look(free(GB));
    assertThat(notes).hasSize(2);
  }

  @Test
  void diskHasADefaultThatSuitsItsSizeAndCanBeLeftAlone() {
    assertThat(Guards.DEFAULT.minFree(1_000 * GB)).isEqualTo(GB);
    assertThat(Guards.DEFAULT.minFree(200)).isEqualTo(10);
    DiskGuard guard = disk(Optional.of(0L));
    guard.look(free(0));
    assertThat(guard.pressure()).isZero();
    guard.look(List.of());
    assertThat(notes).isEmpty();
  }

  @Test
  void logWarnsSlowsAndGivesUpByTheSmallerLimit() {
    LogGuard guard =
        new LogGuard(
            new Guards(Optional.of(1_000L), Optional.empty()), 5_000, Optional.empty(), notes::add);
    guard.look(10_000, 400, Optional.empty());
    assertThat(guard.isUrgent()).isTrue();
    assertThat(guard.pressure()).isEqualTo(0.4, within(1e-9));
    guard.look(10_000, 600, Optional.empty());
    guard.look(10_000, 700, Optional.empty());
    assertThat(notes).singleElement().asString().contains("600 bytes of log");
    assertThatThrownBy(() -> guard.look(10_000, 1_000, Optional.empty()))
        .isInstanceOf(MigrationFailedException.class)
        .hasMessageContaining("--max-retained");
    LogGuard servers = new LogGuard(Guards.DEFAULT, 5_000, Optional.empty(), notes::add);
    assertThatThrownBy(() -> servers.look(10_000, 5_000, Optional.empty()))
        .isInstanceOf(MigrationFailedException.class)
        .hasMessageContaining("max_slot_wal_keep_size");
    new LogGuard(Guards.DEFAULT, Long.MAX_VALUE, Optional.empty(), notes::add)
        .look(Long.MAX_VALUE - 1, 1L << 50, Optional.empty());
  }

  @Test
  void oldLogWarnsAndSlowsButDoesNotEndWhatCanGoOn() {
    AtomicLong nanos = new AtomicLong();
    LogGuard guard =
        new LogGuard(
            Guards.DEFAULT,
            Long.MAX_VALUE,
            Optional.of(Duration.ofMinutes(400)),
            notes::add,
            new PositionClock(nanos::get));
    guard.look(1_000, 0, Optional.empty());
    guard.look(2_000, 1_000, Optional.empty());
    assertThat(guard.isUrgent()).isFalse();
    nanos.addAndGet(Duration.ofMinutes(250).toNanos());
    guard.look(3_000, 2_000, Optional.empty());
    assertThat(guard.isUrgent()).isTrue();
    assertThat(guard.pressure()).isGreaterThan(0.5).isLessThan(1);
    assertThat(notes).singleElement().asString().contains("may not be able to go on");
    nanos.addAndGet(Duration.ofMinutes(300).toNanos());
    guard.look(4_000, 3_000, Optional.empty());
    assertThat(guard.pressure()).isEqualTo(0.9);
    guard.look(4_000, 3_000, Optional.empty());
    assertThat(notes)
        .hasSize(2)
        .last()
        .asString()
        .contains("will most likely not be able to go on");
    guard.look(5_000, 0, Optional.empty());
    assertThat(guard.pressure()).isLessThan(0.5);
    guard.look(6_000, 1_000, Optional.empty());
    nanos.addAndGet(Duration.ofMinutes(250).toNanos());
    guard.look(7_000, 2_000, Optional.empty());
    assertThat(notes).hasSize(3).last().asString().contains("may not be able to go on");
  }

  /** Another process had read so far, and the log was written long before this one began. */
  @Test
  void logIsAsOldAsItSaysAlsoAtTheFirstLook() {
    LogGuard guard =
        new LogGuard(Guards.DEFAULT, Long.MAX_VALUE, Optional.of(Duration.ofHours(2)), notes::add);
    guard.look(1_000, 500, Optional.of(Duration.ofMinutes(59)));
    assertThat(notes).isEmpty();
    assertThat(guard.isUrgent()).isTrue();
    guard.look(1_100, 600, Optional.of(Duration.ofMinutes(61)));
    assertThat(notes).singleElement().asString().contains("is 3660 s old").contains("may not");
    assertThat(guard.pressure()).isGreaterThan(0.5);
    guard.look(1_200, 0, Optional.empty());
    assertThat(guard.pressure()).isLessThan(0.1);
  }

  @Test
  void serverIsHereWhenTheSystemKnowsTheConnection() throws Exception {
    Assumptions.assumeTrue(Files.isReadable(Path.of("/proc/net/tcp")));
    try (ServerSocket server = new ServerSocket(0);
        Socket client = new Socket("127.0.0.1", server.getLocalPort())) {
      assertThat(LocalServer.isHere(client.getLocalPort(), server.getLocalPort())).isTrue();
      assertThat(LocalServer.isHere(server.getLocalPort(), client.getLocalPort() ^ 1)).isFalse();
    }
  }

  @Test
  void eachDiskIsSeenOnce() {
    String here = Path.of("").toAbsolutePath().toString();
    assertThat(LocalServer.disks(Map.of("a", here, "b", here, "c", "/no/such/folder")))
        .singleElement()
        .satisfies(disk -> assertThat(disk.freeBytes()).isPositive());
  }

  @Test
  void planSaysWhenRoomIsShortOrUnseen() {
    assertThat(DiskOutlook.warnings(List.of(), 3 * GB))
        .singleElement()
        .asString()
        .contains("cannot be seen from here", "3.0 GB");
    assertThat(DiskOutlook.warnings(free(2 * GB), 3 * GB))
        .singleElement()
        .asString()
        .contains("/d");
    assertThat(DiskOutlook.warnings(free(4 * GB), 3 * GB)).isEmpty();
  }
}

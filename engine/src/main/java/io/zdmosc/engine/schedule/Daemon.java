package io.zdmosc.engine.schedule;

import static java.util.Objects.requireNonNull;

import io.zdmosc.engine.error.ZdmException;
import io.zdmosc.engine.schedule.EntryOutcome.End;
import io.zdmosc.engine.spi.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what is scheduled, one entry after another or several at a time.
 *
 * <p>Guarantees: what was begun is gone on with before anything else is begun; an entry that has
 * failed does not keep the others from their turn; a stop leaves what is under way as it is.
 * Several daemons may serve one schedule: each entry is in the hands of one of them.
 */
public final class Daemon {
  private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  private final Function<ScheduleEntry, EntryWork> works;
  private final Schedule schedule;
  private final Settings settings;
  private final DaemonListener listener;
  private final InstantSource clock;
  private final Map<Long, EntryWork> inHand = new TreeMap<>();
  private final Map<Long, String> tables = new HashMap<>();
  private final Map<Long, Pause> pauses = new HashMap<>();
  private final Set<Long> tried = new HashSet<>();
  private Optional<Set<Long>> batch = Optional.empty();
  private boolean stopping;
  private boolean news;
  private int done;
  private int failed;
  private int left;

  /** When a daemon ends by itself. */
  public enum Until {
    /** Never: when it is told to. */
    STOPPED,
    /** When nothing waits and nothing is under way any more. */
    EMPTY,
    /** When what could begin at its start was tried. */
    ONCE
  }

  /**
   * How it works.
   *
   * @param parallel how many entries it carries out at a time, besides those whose new table serves
   *     and whose old one is kept in step
   * @param poll how often it looks
   */
  public record Settings(int parallel, Duration poll, Until until) {
    public Settings {
      requireNonNull(until, "until is null");
      if (parallel < 1 || parallel > 64) {
        throw new IllegalArgumentException("must be from 1 to 64");
      }
      if (poll.compareTo(Duration.ofMillis(100)) < 0) {
        throw new IllegalArgumentException("must be at least 100 ms");
      }
    }
  }

  /**
   * What it did.
   *
   * @param done entries
   * @param failed entries
   * @param left entries that something stood in the way of and that it did not come back to
   * @param stopped true when it was told to stop
   */
  public record Result(int done, int failed, int left, boolean stopped) {}

  private record Pause(int failures, Instant until) {}

  /**
   * A daemon.
   *
   * @param databases opens the database, each time a new connection to it
   */
  public Daemon(
      Supplier<Database> databases,
      Schedule schedule,
      Settings settings,
      DaemonListener listener,
      InstantSource clock) {
    this(
        entry -> new EntryRun(entry, schedule, databases, listener.onMigration(entry)),
        schedule,
        settings,
        listener,
        clock);
  }

  Daemon(
      Function<ScheduleEntry, EntryWork> works,
      Schedule schedule,
      Settings settings,
      DaemonListener listener,
      InstantSource clock) {
    this.works = works;
    this.schedule = schedule;
    this.settings = settings;
    this.listener = listener;
    this.clock = clock;
  }

  /** Works on the calling thread until it is told to stop, or its work is done. */
  public Result run() {
    while (true) {
      boolean more = look();
      synchronized (this) {
        if (inHand.isEmpty() && (stopping || !more && !news)) {
          return new Result(done, failed, left, stopping);
        }
        rest();
      }
    }
  }

  /** Tells it to stop: from any thread, returns at once. */
  public synchronized void stop() {
    stopping = true;
    inHand.values().forEach(EntryWork::suspend);
    wake();
  }

  private synchronized void wake() {
    news = true;
    notifyAll();
  }

  private synchronized void rest() {
    long until = System.nanoTime() + settings.poll().toNanos();
    try {
      for (long rest = 1; !news && rest > 0; rest = (until - System.nanoTime()) / 1_000_000) {
        wait(Math.min(rest, settings.poll().toMillis()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stop();
    }
    news = false;
  }

  private synchronized boolean isStopping() {
    return stopping;
  }

  /** Takes what can be taken; false when there is nothing left to wait for. */
  private boolean look() {
    if (isStopping()) {
      return false;
    }
    try {
      List<ScheduleEntry> entries = schedule.entries();
      List<ScheduleEntry> chosen;
      synchronized (this) {
        listener.onLook(entries, List.copyOf(inHand.keySet()));
        chosen = choose(entries);
      }
      chosen.forEach(this::take);
      return goesOn(entries);
    } catch (ZdmException e) {
      if (settings.until() == Until.ONCE && !isAtWork()) {
        throw e;
      }
      listener.onTrouble(e);
      return true;
    }
  }

  private synchronized boolean isAtWork() {
    return !inHand.isEmpty();
  }

  private List<ScheduleEntry> choose(List<ScheduleEntry> entries) {
    Instant now = clock.instant();
    if (settings.until() == Until.ONCE && batch.isEmpty()) {
      Set<Long> due = new HashSet<>();
      entries.stream().filter(it -> Choice.isDue(it, now)).forEach(it -> due.add(it.id()));
      batch = Optional.of(due);
    }
    List<ScheduleEntry> open =
        entries.stream()
            .filter(entry -> !inHand.containsKey(entry.id()))
            .filter(entry -> batch.isEmpty() || isToBeTried(entry.id()))
            .filter(entry -> !rests(entry.id(), now))
            .toList();
    return Choice.next(open, Set.copyOf(tables.values()), room(), now);
  }

  /** How many more migrations there may be; those that are only followed do not count. */
  private int room() {
    long taken = inHand.values().stream().filter(work -> !work.isFollowing()).count();
    return settings.parallel() - (int) taken;
  }

  private boolean isToBeTried(long id) {
    return batch.orElseThrow().contains(id) && !tried.contains(id);
  }

  private boolean rests(long id, Instant now) {
    Pause pause = pauses.get(id);
    return pause != null && now.isBefore(pause.until());
  }

  private synchronized boolean goesOn(List<ScheduleEntry> entries) {
    return switch (settings.until()) {
      case STOPPED -> true;
      case EMPTY -> entries.stream().anyMatch(entry -> !entry.state().hasEnded());
      case ONCE ->
          entries.stream()
              .filter(entry -> isToBeTried(entry.id()))
              .anyMatch(entry -> Choice.isDue(entry, clock.instant()));
    };
  }

  private void take(ScheduleEntry seen) {
    Optional<Schedule.Taken> taken = schedule.take(seen.id());
    if (taken.isEmpty()) {
      synchronized (this) {
        tried.add(seen.id()); // another process has it
      }
      return;
    }
    ScheduleEntry entry = taken.get().entry();
    listener.onTaken(entry);
    EntryWork run = works.apply(entry);
    synchronized (this) {
      tried.add(entry.id());
      inHand.put(entry.id(), run);
      tables.put(entry.id(), entry.table());
      if (stopping) {
        run.suspend();
      }
    }
    Thread thread = new Thread(() -> work(taken.get(), run), "zdm-entry-" + entry.id());
    thread.setDaemon(true);
    thread.start();
  }

  private void work(Schedule.Taken taken, EntryWork run) {
    ScheduleEntry entry = taken.entry();
    EntryOutcome outcome;
    try (taken) {
      outcome = run.run();
    } catch (RuntimeException | Error e) {
      // what came of it could not be written down: the next look finds it out
      outcome = new EntryOutcome(End.LATER, e instanceof ZdmException ? e.getMessage() : bug(e));
    }
    try {
      listener.onOutcome(entry, outcome);
    } finally {
      ended(entry.id(), outcome.end()); // else its table would be taken for being worked on
    }
  }

  private static String bug(Throwable thrown) {
    LOG.error("the work on an entry broke off", thrown);
    return "internal error, a bug in zdm-osc: " + thrown;
  }

  private synchronized void ended(long id, End end) {
    inHand.remove(id);
    tables.remove(id);
    switch (end) {
      case DONE -> done++;
      case FAILED -> failed++;
      case LATER -> {
        left += settings.until() == Until.ONCE ? 1 : 0;
        pauses.merge(id, pause(0), (before, first) -> pause(before.failures()));
      }
      case SUSPENDED -> left++;
    }
    wake();
  }

  /** Longer each time. */
  private Pause pause(int failures) {
    Duration longer = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, 10));
    Duration pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
    return new Pause(failures + 1, clock.instant().plus(pause));
  }
}

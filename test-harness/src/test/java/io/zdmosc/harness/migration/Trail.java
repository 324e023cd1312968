package io.zdmosc.harness.migration;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.plan.Estimate;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.progress.Progress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Remembers what a migration went through, and does something when it comes into a state. With
 * {@code -Dzdm.trace=true} says it at once. Thread-safe.
 */
public final class Trail implements MigrationListener {
  private static final int PROGRESS_EVERY = 8;

  private final long begin = System.nanoTime();
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final List<MigrationState> states = new CopyOnWriteArrayList<>();
  private final Map<MigrationState, Action> actions = new ConcurrentHashMap<>();
  private volatile Estimate estimate;
  private volatile int ticks;

  /** What is done on the migration's own thread. */
  @FunctionalInterface
  interface Action {
    void run() throws Exception;
  }

  /** Does this when the migration has come into the state. */
  Trail on(MigrationState state, Action action) {
    actions.put(state, action);
    return this;
  }

  List<MigrationState> states() {
    return List.copyOf(states);
  }

  Optional<Estimate> estimate() {
    return Optional.ofNullable(estimate);
  }

  @Override
  public void onState(MigrationState state, String detail) {
    note(state + " " + detail);
    states.add(state);
    Action action = actions.get(state);
    if (action != null) {
      try {
        action.run();
      } catch (Exception e) {
        throw new IllegalStateException("at " + state, e);
      }
    }
  }

  @Override
  public void onNote(String words) {
    note(words);
  }

  @Override
  public void onEstimate(Estimate expected) {
    estimate = expected;
    note(expected.toString());
  }

  @Override
  public void onProgress(Progress progress) {
    if (ticks++ % PROGRESS_EVERY == 0) {
      note(progress.toString());
    }
  }

  private void note(String words) {
    String line = (System.nanoTime() - begin) / 1_000_000 + " ms: " + words;
    lines.add(line);
    if (Boolean.getBoolean("zdm.trace")) {
      System.out.println(line);
    }
  }

  @Override
  public String toString() {
    return String.join("\n", lines);
  }
}

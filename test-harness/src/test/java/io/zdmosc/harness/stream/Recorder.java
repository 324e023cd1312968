package io.zdmosc.harness.stream;

import static org.awaitility.Awaitility.await;

import io.zdmosc.engine.spi.ChangeListener;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.Position;
import io.zdmosc.engine.spi.SourceTransaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Keeps everything that a change stream tells. Thread-safe. */
public final class Recorder implements ChangeListener {
  public static final Duration PATIENCE = Duration.ofSeconds(120);

  /** A reported key with its transaction. */
  public record Change(Key key, SourceTransaction transaction) {}

  private final List<Change> changes = new ArrayList<>();
  private final List<String> events = new ArrayList<>();
  private final List<Position> progress = new ArrayList<>();
  private final List<RuntimeException> failures = new ArrayList<>();
  private volatile boolean ready = true;
  private volatile boolean told;

  @Override
  public boolean ready() {
    return ready;
  }

  public void setReady(boolean isReady) {
    ready = isReady;
  }

  @Override
  public synchronized void onChange(Key key, SourceTransaction transaction) {
    told = true;
    changes.add(new Change(key, transaction));
    events.add("change " + key);
  }

  @Override
  public synchronized void onProgress(Position position) {
    told = true;
    if (progress.isEmpty() || !progress.get(progress.size() - 1).equals(position)) {
      progress.add(position);
    }
  }

  @Override
  public synchronized void onFence(String token) {
    told = true;
    events.add("fence " + token);
  }

  @Override
  public synchronized void onTruncate() {
    told = true;
    events.add("truncate");
  }

  @Override
  public synchronized void onFailure(RuntimeException failure) {
    told = true;
    failures.add(failure);
  }

  public synchronized List<Change> changes() {
    return List.copyOf(changes);
  }

  /** The reported keys as text, in order. */
  public synchronized List<String> keys() {
    return changes.stream().map(change -> change.key().toString()).toList();
  }

  /** Changes, fences and truncates as text, in order. */
  public synchronized List<String> events() {
    return List.copyOf(events);
  }

  public synchronized List<Position> progress() {
    return List.copyOf(progress);
  }

  public synchronized List<RuntimeException> failures() {
    return List.copyOf(failures);
  }

  /** Whether anything was told since this was asked last. */
  public boolean wasToldAnything() {
    boolean was = told;
    told = false;
    return was;
  }

  /** Waits for this many reported keys; a failure of the stream ends the wait. */
  public void awaitChanges(int count) {
    awaitTrue(() -> changesReported() >= count);
  }

  public void awaitFence(String token) {
    awaitTrue(() -> events().contains("fence " + token));
  }

  private synchronized int changesReported() {
    return changes.size();
  }

  private void awaitTrue(Callable<Boolean> condition) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              if (!failures().isEmpty()) {
                throw new AssertionError("the stream failed", failures().get(0));
              }
              return condition.call();
            });
  }
}

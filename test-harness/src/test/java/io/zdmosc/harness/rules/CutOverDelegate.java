package io.zdmosc.harness.rules;

import io.zdmosc.engine.spi.CutOver;
import io.zdmosc.engine.spi.FlushResult;
import io.zdmosc.engine.spi.Key;
import java.time.Duration;
import java.util.List;

/** Passes everything on; a test overrides what it wants to hold or break. */
public class CutOverDelegate implements CutOver {

  private final CutOver cutOver;

  public CutOverDelegate(CutOver cutOver) {
    this.cutOver = cutOver;
  }

  @Override
  public List<String> obstacles() {
    return cutOver.obstacles();
  }

  @Override
  public void approach(Duration timeout) {
    cutOver.approach(timeout);
  }

  @Override
  public void lock(Duration timeout, Duration budget) {
    cutOver.lock(timeout, budget);
  }

  @Override
  public FlushResult flush(List<Key> keys) {
    return cutOver.flush(keys);
  }

  @Override
  public void swap(Duration timeout) {
    cutOver.swap(timeout);
  }

  @Override
  public void commit() {
    cutOver.commit();
  }

  @Override
  public void close() {
    cutOver.close();
  }
}

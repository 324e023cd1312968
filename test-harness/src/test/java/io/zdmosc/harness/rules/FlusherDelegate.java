package io.zdmosc.harness.rules;

import io.zdmosc.engine.spi.CopyLayout;
import io.zdmosc.engine.spi.FlushResult;
import io.zdmosc.engine.spi.Flusher;
import io.zdmosc.engine.spi.Key;
import io.zdmosc.engine.spi.KeyLocation;
import io.zdmosc.engine.spi.Settlement;
import java.util.List;
import java.util.Optional;

/** Passes everything on; a test overrides what it wants to hold or break. */
class FlusherDelegate implements Flusher {

  private final Flusher flusher;

  FlusherDelegate(Flusher flusher) {
    this.flusher = flusher;
  }

  @Override
  public Settlement settlement() {
    return flusher.settlement();
  }

  @Override
  public List<KeyLocation> locate(List<Key> keys, CopyLayout layout) {
    return flusher.locate(keys, layout);
  }

  @Override
  public FlushResult flush(List<Key> keys, boolean check) {
    return flusher.flush(keys, check);
  }

  @Override
  public Optional<FlushResult> flushBeside(List<Key> keys, boolean check) {
    return flusher.flushBeside(keys, check);
  }

  @Override
  public void removeUnmatched(List<Key> shadowKeys) {
    flusher.removeUnmatched(shadowKeys);
  }

  @Override
  public void close() {
    flusher.close();
  }
}

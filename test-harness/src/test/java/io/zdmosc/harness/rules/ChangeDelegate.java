package io.zdmosc.harness.rules;

import io.zdmosc.engine.Retire;
import io.zdmosc.engine.spi.BuildStep;
import io.zdmosc.engine.spi.ChangeStream;
import io.zdmosc.engine.spi.ChunkCopier;
import io.zdmosc.engine.spi.ChunkPlanner;
import io.zdmosc.engine.spi.CopiedChunk;
import io.zdmosc.engine.spi.CutOver;
import io.zdmosc.engine.spi.Flusher;
import io.zdmosc.engine.spi.PreparedChange;
import io.zdmosc.engine.spi.RangeVerifier;
import io.zdmosc.engine.spi.SourceWatch;
import io.zdmosc.engine.spi.WaitingKeys;
import java.util.List;
import java.util.Optional;

/** Passes everything on to the real connector; a test overrides what it wants to hold or break. */
public class ChangeDelegate implements PreparedChange {

  private final PreparedChange change;

  public ChangeDelegate(PreparedChange change) {
    this.change = change;
  }

  @Override
  public String retiredTable() {
    return change.retiredTable();
  }

  @Override
  public List<CopiedChunk> copied() {
    return change.copied();
  }

  @Override
  public boolean isSwapped() {
    return change.isSwapped();
  }

  @Override
  public Optional<PreparedChange> wayBack() {
    return change.wayBack();
  }

  @Override
  public boolean isWayBack() {
    return change.isWayBack();
  }

  @Override
  public List<String> complete() {
    return change.complete();
  }

  @Override
  public List<BuildStep> lateBuilds(long memoryBytes) {
    return change.lateBuilds(memoryBytes);
  }

  @Override
  public Optional<WaitingKeys> openWaitingKeys() {
    return change.openWaitingKeys();
  }

  @Override
  public ChangeStream openStream() {
    return change.openStream();
  }

  @Override
  public ChunkPlanner openPlanner() {
    return change.openPlanner();
  }

  @Override
  public ChunkCopier openCopier() {
    return change.openCopier();
  }

  @Override
  public Flusher openFlusher() {
    return change.openFlusher();
  }

  @Override
  public boolean flushesSideBySide() {
    return change.flushesSideBySide();
  }

  @Override
  public RangeVerifier openVerifier() {
    return change.openVerifier();
  }

  @Override
  public CutOver openCutOver() {
    return change.openCutOver();
  }

  @Override
  public SourceWatch openWatch() {
    return change.openWatch();
  }

  @Override
  public Optional<BuildStep> keyIndex(long memoryBytes) {
    return change.keyIndex(memoryBytes);
  }

  @Override
  public List<BuildStep> builds(long memoryBytes) {
    return change.builds(memoryBytes);
  }

  @Override
  public void refreshStatistics() {
    change.refreshStatistics();
  }

  @Override
  public List<String> finish(Retire retire) {
    return change.finish(retire);
  }

  @Override
  public List<String> discard() {
    return change.discard();
  }

  @Override
  public void close() {
    change.close();
  }
}

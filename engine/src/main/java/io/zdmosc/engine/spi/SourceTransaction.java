package io.zdmosc.engine.spi;

import java.time.Instant;

/** A committed transaction of the application, as the change stream delivers it. */
public interface SourceTransaction {
  /** Where it committed. Everything before this position belongs to earlier commits. */
  Position position();

  /** When it committed, by the server's clock. */
  Instant committedAt();
}

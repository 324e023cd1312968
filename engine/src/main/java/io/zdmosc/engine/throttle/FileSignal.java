package io.zdmosc.engine.throttle;

import java.nio.file.Files;
import java.nio.file.Path;

/** Stops the copy as long as a file exists. */
public final class FileSignal extends SampledSignal {
  private final Path file;

  public FileSignal(Path file) {
    this.file = file;
  }

  @Override
  protected Reading read() {
    return Files.exists(file) ? new Reading(1, file + " exists") : Reading.NONE;
  }

  @Override
  protected String subject() {
    return file.toString();
  }
}

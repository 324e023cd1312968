package io.zdmosc.cli.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A file by which a probe sees that a process is at work: it is replaced whole, so whoever reads it
 * never finds half of it.
 */
public final class HealthFile {
  private final ObjectMapper mapper = new ObjectMapper();
  private final Path file;
  private final Consumer<String> warn;
  private boolean warned;

  /**
   * A health file.
   *
   * @param warn is told, once, when it cannot be written
   */
  public HealthFile(Path file, Consumer<String> warn) {
    this.file = file;
    this.warn = warn;
  }

  /** Replaces what it holds. */
  public synchronized void write(Map<String, Object> fields) {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.writeString(draft, mapper.writeValueAsString(fields) + "\n");
      Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the fields hold something that is no JSON", e);
    } catch (IOException e) {
      if (!warned) {
        warn.accept("the health file cannot be written: " + e);
      }
      warned = true;
    }
  }
}

package io.zdmosc.cli.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes events to a stream, one JSON object a line, in UTF-8. Thread-safe. */
public final class JsonLines {
  private final ObjectMapper mapper = new ObjectMapper();
  private final PrintStream out;
  private final Clock clock;

  public JsonLines(PrintStream out, Clock clock) {
    this.out = out;
    this.clock = clock;
  }

  /** Writes one event with its name and time first. */
  public void write(String event, Map<String, Object> fields) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("event", event);
    line.put("time", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
    line.putAll(fields);
    byte[] bytes;
    try {
      bytes = (mapper.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an event holds something that is no JSON", e);
    }
    synchronized (out) {
      out.write(bytes, 0, bytes.length);
      out.flush();
    }
  }
}

package io.zdmosc.engine.throttle;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * What a migration gives way to, apart from its own change stream.
 *
 * @param replicas URLs of replicas that are asked how far behind they are; {@value #DISCOVER} for
 *     those that the server knows of
 * @param query asked once a second; what its first row's first column says is the pressure
 * @param file the copy stops as long as it exists; an absolute path
 */
public record Throttling(
    List<String> replicas, Optional<String> query, Optional<String> file, Limits limits) {
  /** In place of a replica's URL. */
  public static final String DISCOVER = "auto";

  public static final Throttling NONE =
      new Throttling(List.of(), Optional.empty(), Optional.empty(), Limits.NONE);

  public Throttling {
    replicas = List.copyOf(replicas);
    requireNonNull(query, "query is null");
    requireNonNull(file, "file is null");
    requireNonNull(limits, "limits is null");
  }
}

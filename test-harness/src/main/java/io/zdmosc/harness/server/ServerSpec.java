package io.zdmosc.harness.server;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which server to start. Immutable.
 *
 * @param major the major version, such as 18
 * @param settings names and values for postgresql.conf, complete
 */
public record ServerSpec(int major, Map<String, String> settings) {

  static final String USER = "postgres";
  static final String PASSWORD = "postgres";

  public ServerSpec {
    if (!PostgresServer.MAJORS.contains(major)) {
      throw new IllegalArgumentException(
          "PostgreSQL " + major + " is none of " + PostgresServer.MAJORS);
    }
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
  }

  /** For tests: what logical decoding needs, and no fsync. */
  public static ServerSpec of(int major) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("wal_level", "logical");
    settings.put("max_wal_senders", "20");
    settings.put("max_replication_slots", "20");
    settings.put("max_connections", "200");
    settings.put("fsync", "off");
    return new ServerSpec(major, settings);
  }

  /** For benchmarks: writes reach the disk, as in production. */
  public ServerSpec withFsync() {
    return with("fsync", "on");
  }

  public ServerSpec with(String name, String value) {
    return with(Map.of(name, value));
  }

  /** Adds settings; they win over those that are there. */
  public ServerSpec with(Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(settings);
    all.putAll(more);
    return new ServerSpec(major, all);
  }
}

package io.zdmosc.postgres.stream.debezium;

import io.zdmosc.postgres.stream.StreamSettings;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Collectors;

/** Writes Debezium's configuration for one stream. */
final class EngineSettings {
  private static final String HEARTBEAT_MILLIS = "1000";

  /** Well below any sensible wal_sender_timeout: under back pressure nothing else is sent. */
  private static final String STATUS_MILLIS = "1000";

  /**
   * What the heartbeat does on the server: an empty transaction of this database, whose commit
   * comes out of the stream and moves it on while other tables are written to. Its prefix is not a
   * fence's.
   */
  private static final String HEARTBEAT_SQL =
      "SELECT pg_logical_emit_message(true, '" + StreamSettings.FENCE_PREFIX + "_heartbeat', '')";

  private EngineSettings() {}

  /**
   * The configuration.
   *
   * @param database the name of the database that the settings lead to
   */
  static Properties of(StreamSettings settings, String database) {
    Properties properties = new Properties();
    properties.setProperty("name", "zdm-osc");
    properties.setProperty("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
    // names the metrics, of which the JVM allows each name once
    properties.setProperty("topic.prefix", "zdm-" + UUID.randomUUID());
    connection(properties, settings, database);
    server(properties, settings);
    rows(properties, settings);
    failures(properties);
    speed(properties);
    return properties;
  }

  private static void connection(Properties properties, StreamSettings settings, String database) {
    SessionConnectionFactory.describe(settings.sessions().settings(), properties);
    properties.setProperty("database.dbname", database);
    // required, but what connects is the factory
    properties.setProperty("database.hostname", "as-in-url");
    properties.setProperty("database.user", "as-in-url");
  }

  /** An empty offset store makes the stream begin at what the slot has confirmed. */
  private static void server(Properties properties, StreamSettings settings) {
    properties.setProperty(
        "offset.storage", "org.apache.kafka.connect.storage.MemoryOffsetBackingStore");
    properties.setProperty("snapshot.mode", "no_data");
    properties.setProperty("plugin.name", "pgoutput");
    properties.setProperty("slot.name", settings.slot());
    properties.setProperty("slot.drop.on.stop", "false");
    properties.setProperty("publication.name", settings.publication());
    properties.setProperty("publication.autocreate.mode", "disabled");
    properties.setProperty("lsn.flush.mode", "connector");
    properties.setProperty("status.update.interval.ms", STATUS_MILLIS);
    properties.setProperty("heartbeat.interval.ms", HEARTBEAT_MILLIS);
    properties.setProperty("heartbeat.action.query", HEARTBEAT_SQL);
  }

  private static void rows(Properties properties, StreamSettings settings) {
    String table = pattern(settings.schema()) + "\\." + pattern(settings.table());
    properties.setProperty("table.include.list", table);
    properties.setProperty(
        "column.include.list",
        settings.keyColumns().stream()
            .map(column -> table + "\\." + pattern(column))
            .collect(Collectors.joining(",")));
    properties.setProperty("converters", "key");
    properties.setProperty("key.type", KeyTextConverter.class.getName());
    properties.setProperty("include.unknown.datatypes", "true");
    properties.setProperty("skipped.operations", "none");
    properties.setProperty("tombstones.on.delete", "false");
    properties.setProperty("binary.handling.mode", "bytes");
    properties.setProperty("message.prefix.include.list", StreamSettings.FENCE_PREFIX);
  }

  /** Nothing is tried again in silence and nothing is left out: the first failure is the last. */
  private static void failures(Properties properties) {
    properties.setProperty("errors.max.retries", "0");
    properties.setProperty("slot.max.retries", "0");
    properties.setProperty("executor.shutdown.timeout.ms", "1000");
    properties.setProperty("event.processing.failure.handling.mode", "fail");
    properties.setProperty("event.converting.failure.handling.mode", "fail");
  }

  /** The poll interval is what a fence waits for most of the time; shorter costs more when idle. */
  private static void speed(Properties properties) {
    properties.setProperty("max.batch.size", "8192");
    properties.setProperty("max.queue.size", "32768");
    properties.setProperty("poll.interval.ms", "10");
    properties.setProperty("record.processing.threads", "1");
    properties.setProperty("extended.headers.enabled", "false");
  }

  /** A regular expression that matches this name; letters and digits as they are, signs escaped. */
  private static String pattern(String name) {
    StringBuilder pattern = new StringBuilder();
    name.codePoints()
        .forEach(
            c -> {
              if (!Character.isLetterOrDigit(c)) {
                pattern.append('\\');
              }
              pattern.appendCodePoint(c);
            });
    return pattern.toString();
  }
}

package io.zdmosc.engine.lifecycle;

import io.zdmosc.engine.concurrent.RunControl;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.spi.Database;
import io.zdmosc.engine.spi.LoadWatch;
import io.zdmosc.engine.throttle.CommitTimeSignal;
import io.zdmosc.engine.throttle.FileSignal;
import io.zdmosc.engine.throttle.Limit;
import io.zdmosc.engine.throttle.Limits;
import io.zdmosc.engine.throttle.QuerySignal;
import io.zdmosc.engine.throttle.ReplicaSignal;
import io.zdmosc.engine.throttle.RunningSignal;
import io.zdmosc.engine.throttle.SampledSignal;
import io.zdmosc.engine.throttle.Sampler;
import io.zdmosc.engine.throttle.ThrottleSignal;
import io.zdmosc.engine.throttle.Throttling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The signals from outside the change stream, and the threads that ask for them: one for the
 * server, one for each replica, so that none waits for another.
 */
final class LoadSignals implements AutoCloseable {
  private final Database database;
  private final long migrationId;
  private final List<SampledSignal> server = new ArrayList<>();
  private final List<SampledSignal> replicas = new ArrayList<>();
  private final List<Sampler> samplers = new ArrayList<>();
  private LoadWatch watch;

  LoadSignals(
      Database database,
      long migrationId,
      Throttling throttling,
      Supplier<Limits> limits,
      Supplier<Limit> replicaLag) {
    this.database = database;
    this.migrationId = migrationId;
    server.add(new RunningSignal(this::watch, () -> limits.get().running()));
    if (migrationId != 0) { // else there is none yet that anything could be written for
      server.add(new CommitTimeSignal(this::watch, () -> limits.get().commitTime()));
    }
    throttling
        .query()
        .ifPresent(
            sql -> server.add(new QuerySignal(sql, this::watch, () -> limits.get().query())));
    throttling.file().ifPresent(file -> server.add(new FileSignal(Path.of(file))));
    urls(throttling).forEach(url -> replicas.add(replica(url, replicaLag)));
  }

  private List<String> urls(Throttling throttling) {
    List<String> urls = new ArrayList<>();
    for (String url : throttling.replicas()) {
      if (url.equals(Throttling.DISCOVER)) {
        urls.addAll(database.replicas());
      } else {
        urls.add(url);
      }
    }
    return urls.stream().distinct().toList();
  }

  private SampledSignal replica(String url, Supplier<Limit> lag) {
    String name = url.replaceFirst("^jdbc:[a-z]+://", "").replaceFirst("[/?].*", "");
    return new ReplicaSignal(name, () -> database.openReplica(url), lag);
  }

  /** Opened when it is first needed, on the thread that needs it. */
  private LoadWatch watch() {
    if (watch == null) {
      watch = database.openLoad(migrationId);
    }
    return watch;
  }

  /**
   * Asks for each once, before anything is touched.
   *
   * @throws RefusedException when one cannot be asked, with the reason
   */
  static void check(
      Database database, Throttling throttling, Supplier<Limits> limits, Supplier<Limit> lag) {
    LoadSignals signals = new LoadSignals(database, 0, throttling, limits, lag);
    try {
      signals.server.forEach(SampledSignal::check);
      signals.replicas.forEach(SampledSignal::check);
    } finally {
      signals.replicas.forEach(SampledSignal::close);
      signals.closeWatch();
    }
  }

  void start(RunControl control) {
    samplers.add(new Sampler("load", server, this::closeWatch, control));
    replicas.forEach(
        each -> samplers.add(new Sampler("replica", List.of(each), () -> {}, control)));
    samplers.forEach(Sampler::start);
  }

  /** Those that say how busy the server is. */
  List<ThrottleSignal> server() {
    return List.copyOf(server);
  }

  /** Those that say how replicas keep up with what is written. */
  List<ThrottleSignal> replicas() {
    return List.copyOf(replicas);
  }

  private void closeWatch() {
    if (watch != null) {
      watch.close();
      watch = null;
    }
  }

  @Override
  public void close() {
    samplers.forEach(Sampler::close);
  }
}

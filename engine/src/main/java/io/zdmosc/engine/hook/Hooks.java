package io.zdmosc.engine.hook;

import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.concurrent.RunControl;
import io.zdmosc.engine.error.ExitCode;
import io.zdmosc.engine.error.ZdmException;
import io.zdmosc.engine.plan.Plan;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.progress.Progress;
import io.zdmosc.engine.progress.Summary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Calls the hooks of a migration, one after the other, on the thread that has come to the event. A
 * hook that fails is told as a note and changes nothing, but for those before the cut-over: as long
 * as one of them fails, there is none.
 */
public final class Hooks {
  /** Before each attempt at the cut-over. */
  public static final String BEFORE_CUT_OVER = "before-cut-over";

  /** At the end, when all went well. */
  public static final String SUCCESS = "success";

  /** At the end, otherwise. */
  public static final String FAILURE = "failure";

  private final Optional<HookSettings> settings;
  private final MigrationListener listener;
  private final RunControl control;
  private final Map<String, String> facts = new LinkedHashMap<>();
  private volatile String latest = "";

  /**
   * @param listener is told of hooks that fail
   * @param control whose stop ends a hook that runs
   * @param server and database, in words
   */
  public Hooks(
      Optional<HookSettings> settings,
      MigrationListener listener,
      RunControl control,
      long migrationId,
      Plan plan,
      String server) {
    this.settings = settings;
    this.listener = listener;
    this.control = control;
    facts.put("ZDM_MIGRATION", Long.toString(migrationId));
    facts.put("ZDM_TABLE", plan.table());
    facts.put("ZDM_ALTER", plan.alter());
    facts.put("ZDM_SERVER", server);
  }

  /**
   * Makes sure that there are hooks that can be called.
   *
   * @throws io.zdmosc.engine.error.RefusedException when there are none, or one will not be
   */
  public static void check(Optional<HookSettings> settings) {
    settings.ifPresent(given -> new HookDirectory(Path.of(given.directory())).check());
  }

  /** A new state; those who listen have heard of it. */
  public void state(MigrationState state, String detail) {
    remember("ZDM_STATE", state.label());
    remember("ZDM_DETAIL", detail);
    String event = HookDirectory.event(state);
    if (event.equals(latest)) {
      return; // it says more of the state that it is in
    }
    latest = event;
    call(event, control::isStopped).ifPresent(listener::onNote);
  }

  public synchronized void progress(Progress progress) {
    facts.put("ZDM_ROWS_DONE", Long.toString(progress.rowsDone()));
    facts.put("ZDM_ROWS_TOTAL", Long.toString(progress.rowsTotal()));
    facts.put("ZDM_CHANGES_APPLIED", Long.toString(progress.changesApplied()));
    facts.put("ZDM_LAG_BYTES", Long.toString(progress.lagBytes()));
    facts.put("ZDM_LAG_MS", Long.toString(progress.lagMillis()));
    facts.put("ZDM_THROTTLE", progress.throttle());
  }

  /**
   * Asks whether the cut-over may be tried.
   *
   * @return why it may not; empty when it may
   */
  public String beforeCutOver(int attempt) {
    remember("ZDM_ATTEMPT", Integer.toString(attempt));
    return call(BEFORE_CUT_OVER, control::isStopped).orElse("");
  }

  /** It has ended well. */
  public void success(Summary summary) {
    remember("ZDM_STATE", summary.state().label());
    remember("ZDM_ROWS_COPIED", Long.toString(summary.rowsCopied()));
    remember("ZDM_STALL_MS", String.format(Locale.ROOT, "%.1f", summary.cutOverStallMillis()));
    remember("ZDM_ATTEMPT", Integer.toString(summary.cutOverAttempts()));
    remember("ZDM_SECONDS", String.format(Locale.ROOT, "%.1f", summary.seconds()));
    remember("ZDM_RETIRED_TABLE", summary.retiredTable());
    call(SUCCESS, () -> false).ifPresent(listener::onNote);
  }

  /** It has ended otherwise. */
  public void failure(RuntimeException failure) {
    boolean told = failure instanceof ZdmException;
    remember("ZDM_ERROR", told ? failure.getMessage() : failure.toString());
    ExitCode code = told ? ((ZdmException) failure).exitCode() : ExitCode.INTERNAL;
    remember("ZDM_EXIT_STATUS", Integer.toString(code.status()));
    call(FAILURE, () -> false).ifPresent(listener::onNote);
  }

  private synchronized void remember(String name, String value) {
    facts.put(name, value);
  }

  private synchronized Map<String, String> facts(String event) {
    Map<String, String> all = new LinkedHashMap<>(facts);
    all.put("ZDM_EVENT", event);
    all.replaceAll((name, value) -> value.replace('\0', ' '));
    return all;
  }

  /**
   * Calls the hooks of an event; the first failure, in words. The others are called all the same.
   */
  private Optional<String> call(String event, BooleanSupplier stop) {
    if (settings.isEmpty()) {
      return Optional.empty();
    }
    List<Path> hooks;
    try {
      hooks = new HookDirectory(Path.of(settings.get().directory())).of(event);
    } catch (IOException e) {
      return Optional.of("the hooks' directory cannot be read: " + e);
    }
    String failed = "";
    for (Path hook : hooks) {
      String failure =
          new HookProcess(hook, settings.get().timeout()).run(event, facts(event), stop);
      if (!failure.isEmpty() && failed.isEmpty()) {
        failed = "hook " + hook.getFileName() + " " + failure;
      }
    }
    return failed.isEmpty() ? Optional.empty() : Optional.of(failed);
  }
}

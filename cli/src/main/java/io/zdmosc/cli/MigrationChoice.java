package io.zdmosc.cli;

import io.zdmosc.cli.config.Settings;
import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.engine.spi.ControlStore;
import io.zdmosc.engine.spi.ControlStore.Unfinished;
import io.zdmosc.engine.spi.MigrationStatus;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which of the unfinished migrations is meant: by number, by table, or the only one. */
final class MigrationChoice {
  private static final int LATEST = 1_000;

  private final Optional<Long> id;
  private final Optional<String> table;

  private MigrationChoice(Optional<Long> id, Optional<String> table) {
    this.id = id;
    this.table = table;
  }

  /** Problems are recorded in the settings. */
  static MigrationChoice read(Settings settings) {
    Optional<Long> id =
        settings.parsed(
            "id",
            text -> {
              try {
                return Long.valueOf(text.strip());
              } catch (NumberFormatException e) {
                throw new IllegalArgumentException("is not a whole number", e);
              }
            },
            "Give the migration's number.");
    return new MigrationChoice(id, settings.text("table"));
  }

  /**
   * The one that is meant.
   *
   * @throws RefusedException when there is none, or more than one
   */
  Unfinished among(List<Unfinished> unfinished) {
    List<Unfinished> meant = unfinished.stream().filter(this::isMeant).toList();
    if (meant.size() == 1) {
      return meant.get(0);
    }
    if (unfinished.isEmpty() && id.isEmpty() && table.isEmpty()) {
      throw RefusedException.of(
          "this database",
          "has no unfinished migration",
          "Those that have ended: zdm-osc status --all");
    }
    String subject = id.map(n -> "migration " + n).or(() -> table).orElse("the migration");
    throw new RefusedException(
        List.of(
            meant.isEmpty()
                ? new Problem(subject, "there is no such unfinished migration", known(unfinished))
                : new Problem(
                    subject, "more than one is unfinished", "Name it by --id: " + known(meant))));
  }

  private boolean isMeant(Unfinished migration) {
    return isMeant(migration.id(), migration.table());
  }

  /** Whether one is named by its number. */
  boolean isNumber() {
    return id.isPresent();
  }

  /**
   * Those that may be meant among the latest, ended ones included, the latest first.
   *
   * @throws RefusedException when a number is given that none of them has
   */
  List<MigrationStatus> latest(ControlStore control) {
    List<MigrationStatus> meant =
        control.latest(LATEST).stream()
            .filter(status -> isMeant(status.id(), status.table()))
            .toList();
    if (meant.isEmpty() && id.isPresent()) {
      throw RefusedException.of(
          "migration " + id.get(),
          "is not recorded in this database" + table.map(name -> " for " + name).orElse(""),
          "Those that are: zdm-osc status --all");
    }
    return meant;
  }

  private boolean isMeant(long number, String of) {
    return (id.isEmpty() || id.get() == number)
        && (table.isEmpty() || NameParts.of(of).endsWith(NameParts.of(table.get())));
  }

  /** A migration that is meant, if there were one: behind "no". */
  String words() {
    return "migration" + table.map(name -> " of " + name).orElse("");
  }

  private static String known(List<Unfinished> unfinished) {
    return unfinished.isEmpty()
        ? "None is unfinished in this database. Those that have ended: zdm-osc status --all"
        : unfinished.stream()
            .map(each -> each.id() + " of " + each.table() + " (" + each.state().label() + ")")
            .collect(Collectors.joining(", "));
  }
}

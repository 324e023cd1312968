package io.zdmosc.harness.migration;

import io.zdmosc.engine.ChangeRequest;
import io.zdmosc.engine.Migration;
import io.zdmosc.engine.MigrationState;
import io.zdmosc.engine.progress.MigrationListener;
import io.zdmosc.engine.spi.Database;
import java.util.List;

/**
 * A migration in a process of its own, which can be killed. It says on standard output, a line
 * each: {@code state NAME}, {@code note TEXT}, and at the end {@code done}, or {@code failed TEXT}.
 */
public final class ChildMigration {
  private ChildMigration() {}

  /**
   * Runs a migration: {@code URL USER PASSWORD run TABLE ALTER HELD_KEYS}, or {@code URL USER
   * PASSWORD resume|take-over ID}.
   */
  public static void main(String[] arguments) {
    List<String> given = List.of(arguments);
    try (Database database = AnyDatabase.open(given.get(0), given.get(1), given.get(2))) {
      Migration migration =
          given.get(3).equals("run")
              ? new Migration(
                  database,
                  new ChangeRequest(given.get(4), given.get(5)),
                  Runs.options().withHeldKeys(Integer.parseInt(given.get(6))),
                  new Teller())
              : Migration.unfinished(
                  database,
                  Long.parseLong(given.get(4)),
                  given.get(3).equals("take-over"),
                  new Teller());
      tell("done " + migration.run());
    } catch (RuntimeException e) {
      e.printStackTrace();
      tell("failed " + e.getMessage());
      System.exit(3);
    }
  }

  private static synchronized void tell(String line) {
    System.out.println(line.replace('\n', ' '));
    System.out.flush();
  }

  private static final class Teller implements MigrationListener {
    @Override
    public void onState(MigrationState state, String detail) {
      tell("state " + state);
    }

    @Override
    public void onNote(String note) {
      tell("note " + note);
    }
  }
}

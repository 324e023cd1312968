package io.zdmosc.postgres.owned.dependent;

import io.zdmosc.engine.error.MigrationFailedException;
import io.zdmosc.engine.error.Problem;
import io.zdmosc.postgres.handover.FirstLock;
import io.zdmosc.postgres.handover.Handover;
import io.zdmosc.postgres.handover.Transfer;
import io.zdmosc.postgres.owned.OwnedContext;
import io.zdmosc.postgres.owned.OwnedKind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rules and policies of others that mention the table, and functions that do. */
public final class DependentPieces implements OwnedKind {

  @Override
  public List<Problem> problems(OwnedContext context) throws SQLException {
    return new PieceRehearsal(context).run().problems();
  }

  /** What becomes of each, in words. */
  public List<String> carried(OwnedContext context) throws SQLException {
    return new PieceRehearsal(context)
        .run().texts().keySet().stream().map(piece -> piece.words() + " is restated").toList();
  }

  @Override
  public Handover handover(OwnedContext context) throws SQLException {
    PieceRehearsal rehearsal = new PieceRehearsal(context).run();
    requireNone(rehearsal.problems());
    List<FirstLock> first = new ArrayList<>();
    List<String> release = new ArrayList<>();
    List<String> attach = new ArrayList<>();
    List<String> releaseBack = new ArrayList<>();
    List<String> attachBack = new ArrayList<>();
    if (!rehearsal.texts().isEmpty()) {
      // as before the change, a body in quotes is looked at when it is called
      attach.add("SET LOCAL check_function_bodies = off");
      attachBack.add("SET LOCAL check_function_bodies = off");
    }
    for (Map.Entry<Piece, String> each : rehearsal.texts().entrySet()) {
      Piece piece = each.getKey();
      piece.lock().filter(lock -> !first.contains(lock)).ifPresent(first::add);
      release.addAll(piece.release(Map.of()));
      attach.addAll(piece.restate(each.getValue(), rehearsal.forth()));
      releaseBack.addAll(piece.release(rehearsal.forth()));
      attachBack.addAll(piece.restate(piece.text(), Map.of()));
    }
    return new Handover(
        List.of(),
        new Transfer(first, release, attach, List.of()),
        new Transfer(first, releaseBack, attachBack, List.of()));
  }

  /** What has come up since the plan. */
  public static void requireNone(List<Problem> problems) {
    Optional<Problem> first = problems.stream().findFirst();
    if (first.isPresent()) {
      throw new MigrationFailedException(
          first.get().object()
              + " "
              + first.get().what()
              + ": this is new since the change was planned.",
          "The source table is untouched.",
          "Run the migration again.");
    }
  }
}

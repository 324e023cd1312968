package io.zdmosc.postgres.owned;

import io.zdmosc.engine.error.Problem;
import io.zdmosc.engine.error.RefusedException;
import io.zdmosc.postgres.handover.Handover;
import io.zdmosc.postgres.owned.dependent.DependentPieces;
import io.zdmosc.postgres.owned.dependent.DependentViews;
import io.zdmosc.postgres.owned.key.IncomingKeys;
import io.zdmosc.postgres.owned.key.KeysOfTheWhole;
import io.zdmosc.postgres.owned.key.PartitionKeys;
import io.zdmosc.postgres.owned.partition.PartitionMembership;
import io.zdmosc.postgres.owned.partition.PartitionSequences;
import io.zdmosc.postgres.owned.partition.ValidatedOnPartitions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** All kinds, in the order in which they build upon each other. */
public final class OwnedKinds {
  private static final List<OwnedKind> KINDS =
      List.of(
          new PartitionMembership(),
          new PartitionSequences(),
          new ValidatedOnPartitions(),
          new InheritanceKind(),
          new LabelKind(),
          new StatisticsKind(),
          new IncomingKeys(),
          new KeysOfTheWhole(),
          new PartitionKeys(),
          new DependentViews(),
          new DependentPieces(),
          new PolicyKind(),
          new TriggerKind(),
          new RuleKind(),
          new PublicationKind(),
          new AllTablesKind());

  private OwnedKinds() {}

  /** What cannot be carried over; where one kind gives up, the others are asked all the same. */
  public static List<Problem> problems(OwnedContext context) throws SQLException {
    List<Problem> problems = new ArrayList<>();
    for (OwnedKind kind : KINDS) {
      try {
        problems.addAll(kind.problems(context));
      } catch (RefusedException e) {
        problems.addAll(e.problems());
      }
    }
    return problems;
  }

  /** What is carried over, in words. */
  public static List<String> carried(OwnedContext context) throws SQLException {
    List<String> carried = new ArrayList<>();
    for (OwnedKind kind : KINDS) {
      carried.addAll(kind.carried(context));
    }
    return carried;
  }

  public static List<String> warnings(OwnedContext context) throws SQLException {
    List<String> warnings = new ArrayList<>();
    for (OwnedKind kind : KINDS) {
      warnings.addAll(kind.warnings(context));
    }
    return warnings;
  }

  public static Handover handover(OwnedContext context) throws SQLException {
    Handover all = Handover.NONE;
    for (OwnedKind kind : KINDS) {
      all = all.and(kind.handover(context));
    }
    return all;
  }
}

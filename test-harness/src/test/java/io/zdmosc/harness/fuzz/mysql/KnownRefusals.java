package io.zdmosc.harness.fuzz.mysql;

import java.util.List;

/** What a migration refuses by intention although the server would do it; see docs/mysql.md. */
final class KnownRefusals {
  private static final List<String> ALL =
      List.of(
          "which the change drops, renames or has generated",
          "cannot be carried over together with check constraints that have names of their own",
          "lives on",
          "is NOT NULL but has no default that existing rows could get",
          "comes out otherwise when the server makes it anew from its definition",
          "does not fit the new table: CONSTRAINT",
          "would give the table a name that sorts before its present one",
          "the way back is not known",
          "is dropped by the change, so new rows have no value for it");

  private KnownRefusals() {}

  static boolean isKnown(String message) {
    return ALL.stream().anyMatch(message::contains);
  }
}

package io.zdmosc.harness.fuzz.postgres;

import java.util.List;

/** Where a migration and ALTER TABLE part by intention, as the documentation says. */
final class KnownRefusals {
  private static final List<String> OURS =
      List.of(
          "has no identity that lives on",
          "names there must not begin with zdm_",
          "is part of the key by which rows are found, and of a composite or an array type",
          "is NOT NULL but has no default that existing rows could get");

  private static final List<String> THEIRS =
      List.of("cannot alter type of a column used by", "cannot alter type of a column used in");

  private KnownRefusals() {}

  /** Whether a migration refuses this although the server would do it. */
  static boolean isKnown(String message) {
    return OURS.stream().anyMatch(message::contains);
  }

  /** Whether a migration does this although the server refuses it. */
  static boolean mayBeGoneBeyond(String message) {
    return THEIRS.stream().anyMatch(message::contains);
  }
}

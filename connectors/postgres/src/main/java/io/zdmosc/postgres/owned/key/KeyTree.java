package io.zdmosc.postgres.owned.key;

import io.zdmosc.postgres.catalog.ForeignKeyInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A foreign key, and where its table is partitioned, those of the partitions that belong to it.
 *
 * @param parts of the next level
 */
record KeyTree(ForeignKeyInfo key, List<KeyTree> parts) {
  KeyTree {
    parts = List.copyOf(parts);
  }

  /**
   * Puts together what belongs together. What belongs to a key that is not among them is left out:
   * it goes with that one.
   */
  static List<KeyTree> of(List<ForeignKeyInfo> keys) {
    return under(0, keys);
  }

  /** The key with those of these that belong to it. */
  static KeyTree of(ForeignKeyInfo key, List<ForeignKeyInfo> keys) {
    return new KeyTree(key, under(key.oid(), keys));
  }

  private static List<KeyTree> under(long parent, List<ForeignKeyInfo> keys) {
    return keys.stream()
        .filter(key -> key.parent() == parent)
        .map(key -> new KeyTree(key, under(key.oid(), keys)))
        .collect(Collectors.toList());
  }

  /** This and all below it, each behind what it consists of. */
  List<ForeignKeyInfo> fromBelow() {
    List<ForeignKeyInfo> all = new ArrayList<>();
    parts.forEach(part -> all.addAll(part.fromBelow()));
    all.add(key);
    return all;
  }

  /** This and all below it, each before what it consists of. */
  List<ForeignKeyInfo> fromAbove() {
    List<ForeignKeyInfo> all = new ArrayList<>(List.of(key));
    parts.forEach(part -> all.addAll(part.fromAbove()));
    return all;
  }

  /** Whether the server names the parts so by itself when it adds the whole. */
  boolean hasOneName() {
    return fromAbove().stream().allMatch(part -> part.name().equals(key.name()));
  }

  /** Those whose validation validates all that was valid. */
  List<ForeignKeyInfo> toValidate() {
    if (key.validated()) {
      return List.of(key);
    }
    return parts.stream().flatMap(part -> part.toValidate().stream()).toList();
  }
}

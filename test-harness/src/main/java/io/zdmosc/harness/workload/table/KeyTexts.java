package io.zdmosc.harness.workload.table;

import java.util.List;

/**
 * Makes keys.
 *
 * <p>Guarantees asked of an implementation: the same arguments always give the same texts; keys of
 * different slots differ by the <em>server's</em> equality; keys of one slot in different variants
 * are equal by the server's equality, whatever their texts ({@code 1.0} and {@code 1.00}).
 */
@FunctionalInterface
public interface KeyTexts {
  /**
   * Returns the key's values in the server's input syntax, in the order of the key's columns.
   *
   * @param slot the number of the key, from 0 to the kind's capacity
   * @param variant which of the equal spellings, from 0 to the kind's number of variants
   */
  List<String> of(long slot, int variant);
}

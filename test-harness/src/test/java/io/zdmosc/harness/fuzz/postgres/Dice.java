package io.zdmosc.harness.fuzz.postgres;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Choices that come out the same for the same seed. */
final class Dice {
  private final Random random;

  Dice(long seed) {
    random = new Random(seed);
    // seeds next to each other begin with nearly the same number
    random.nextLong();
  }

  /** From 0 to the bound, without it. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  boolean oneIn(int cases) {
    return random.nextInt(cases) == 0;
  }

  <T> T of(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  @SafeVarargs
  final <T> T of(T... all) {
    return all[random.nextInt(all.length)];
  }

  /** Some of them, in another order. */
  <T> List<T> some(List<T> all, int count) {
    List<T> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, random);
    return shuffled.subList(0, Math.min(count, shuffled.size()));
  }
}

package io.zdmosc.harness.fuzz.postgres;

import static org.assertj.core.api.Assertions.fail;

import io.zdmosc.harness.server.SharedServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random tables are changed at random while an application writes: definition and rows are those
 * that the server's own ALTER TABLE makes of a twin, or nothing has changed.
 *
 * <p>By default a few seeds on the oldest and the newest server; {@code -Dzdm.seed=n} for the story
 * of one seed, {@code -Dzdm.seeds=n} for so many from there on, {@code -Dzdm.long=true} for many.
 */
class DifferentialIT {
  private static final int FEW = 4;
  private static final int MANY = 300;

  static Stream<Arguments> stories() {
    Long chosen = Long.getLong("zdm.seed");
    long first = chosen == null ? 1 : chosen;
    int usual = chosen != null ? 1 : Boolean.getBoolean("zdm.long") ? MANY : FEW;
    int count = Integer.getInteger("zdm.seeds", usual);
    List<Integer> majors = SharedServers.majors();
    int oldest = majors.get(0);
    int newest = majors.get(majors.size() - 1);
    return Stream.iterate(first, seed -> seed + 1)
        .limit(count)
        .map(seed -> Arguments.of(seed, seed % 2 == 0 ? oldest : newest));
  }

  @ParameterizedTest(name = "seed {0} on PostgreSQL {1}")
  @MethodSource("stories")
  void aMigrationMakesWhatAlterTableMakes(long seed, int major) throws Exception {
    Story story = Story.of(seed, major);
    try (Duel duel = new Duel(story)) {
      List<String> problems = new ArrayList<>();
      try {
        problems.addAll(duel.fight());
      } catch (Exception | AssertionError e) {
        problems.add(e.toString());
      }
      System.out.println(story + ": " + duel.outcome());
      if (!problems.isEmpty()) {
        String all = String.join("\n", problems);
        System.out.println(
            "PROBLEM " + story + ": " + all.substring(0, Math.min(1500, all.length())));
        fail(all + "\nThe whole story: " + write(story, duel.told() + "\n" + all));
      }
    }
  }

  private static Path write(Story story, String told) throws IOException {
    Path folder = Files.createDirectories(Path.of("target", "fuzz"));
    Path file = folder.resolve("postgresql-" + story.major() + "-" + story.seed() + ".sql");
    return Files.writeString(file, told).toAbsolutePath();
  }
}

package io.zdmosc.harness;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The command line and the connectors know the engine; the engine knows neither. */
@AnalyzeClasses(packages = "io.zdmosc", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String ENGINE = "io.zdmosc.engine..";
  private static final String CLI = "io.zdmosc.cli..";
  private static final String HARNESS = "io.zdmosc.harness..";
  private static final String[] DRIVERS = {
    "org.postgresql..",
    "com.mysql..",
    "org.mariadb..",
    "com.github.shyiko..",
    "io.debezium..",
    "org.apache.kafka.."
  };
  private static final int MOST_LINES = 400;

  @ArchTest
  static final ArchRule theEngineNeedsOnlyTheJdkAndALogger =
      classes()
          .that()
          .resideInAPackage(ENGINE)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(ENGINE, "java..", "javax..", "org.slf4j..");

  @ArchTest
  static final ArchRule nobodyKnowsTheCommandLine =
      noClasses()
          .that()
          .resideOutsideOfPackages(CLI, HARNESS)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(CLI);

  @ArchTest
  static final ArchRule theCommandLineUsesNoDriver =
      noClasses()
          .that()
          .resideInAPackage(CLI)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(DRIVERS);

  @ArchTest
  static final ArchRule nothingThatIsDeliveredKnowsTheHarness =
      noClasses()
          .that()
          .resideOutsideOfPackage(HARNESS)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(HARNESS);

  @Test
  void everyMainSourceFileIsReadInOneSitting() throws IOException {
    Path root = checkout();
    List<String> tooLong;
    try (Stream<Path> files = Files.walk(root)) {
      tooLong =
          files
              .filter(file -> root.relativize(file).toString().matches(".*src.main.java.*\\.java"))
              .filter(file -> lines(file) > MOST_LINES)
              .map(file -> root.relativize(file) + ": " + lines(file) + " lines")
              .toList();
    }

    assertThat(tooLong).isEmpty();
  }

  private static long lines(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path checkout() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("mvnw"))) {
      folder = folder.getParent();
    }
    return folder;
  }
}

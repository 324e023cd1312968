package io.zdmosc.harness.migration;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a child's JVM is started.
 *
 * @param options of its own, besides those that keep it small
 */
record ChildJvm(List<String> options, String classPath) {
  /** Of this process; Surefire hides it behind a jar of its own. */
  static final String CLASS_PATH =
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

  static final ChildJvm PLAIN = new ChildJvm(List.of(), CLASS_PATH);

  private static final List<String> SMALL =
      List.of("-Xmx200m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto");

  ChildJvm with(String option, String otherClassPath) {
    return new ChildJvm(List.of(option), otherClassPath);
  }

  List<String> command(String main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(SMALL);
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, main));
    command.addAll(arguments);
    return command;
  }
}

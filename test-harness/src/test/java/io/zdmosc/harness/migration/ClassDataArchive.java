package io.zdmosc.harness.migration;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * The class data of child processes, written by one of them and shared by those that follow, which
 * then begin their work in a fraction of the time. Class path folders become jars first: the JVM
 * shares no others.
 */
final class ClassDataArchive implements AutoCloseable {
  private final Path folder;
  private final String classPath;

  private ClassDataArchive(Path folder, String classPath) {
    this.folder = folder;
    this.classPath = classPath;
  }

  /** An empty one; the folder is removed by {@link #close}. */
  static ClassDataArchive create() throws IOException {
    Path folder = Files.createTempDirectory("zdm-class-data");
    List<String> entries = new ArrayList<>();
    for (String entry : ChildJvm.CLASS_PATH.split(File.pathSeparator)) {
      Path path = Path.of(entry);
      if (Files.isDirectory(path)) {
        entries.add(jar(path, folder.resolve(entries.size() + ".jar")).toString());
      } else if (Files.exists(path)) {
        entries.add(entry);
      }
    }
    return new ClassDataArchive(folder, String.join(File.pathSeparator, entries));
  }

  /** For a child that comes to its end, and writes the archive then. */
  ChildJvm writing() {
    return ChildJvm.PLAIN.with("-XX:ArchiveClassesAtExit=" + file(), classPath);
  }

  /** For all others. */
  ChildJvm reading() {
    if (!Files.exists(file())) {
      throw new IllegalStateException("no child has written " + file());
    }
    return ChildJvm.PLAIN.with("-XX:SharedArchiveFile=" + file(), classPath);
  }

  private Path file() {
    return folder.resolve("classes.jsa");
  }

  private static Path jar(Path classes, Path to) throws IOException {
    try (OutputStream file = Files.newOutputStream(to);
        JarOutputStream jar = new JarOutputStream(file);
        Stream<Path> found = Files.walk(classes)) {
      for (Path each : found.filter(Files::isRegularFile).toList()) {
        jar.putNextEntry(
            new JarEntry(classes.relativize(each).toString().replace(File.separatorChar, '/')));
        Files.copy(each, jar);
        jar.closeEntry();
      }
    }
    return to;
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}

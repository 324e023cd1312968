package io.zdmosc.cli.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * MySQL from Debian's unstable suite, the only one that has it, with every library that it needs
 * down to the C library, so that it runs on older systems too. Nothing is installed: the machine's
 * own apt fetches the packages into a folder, by way of its own proxies, checks their signatures,
 * and works on lists of its own. The mirror is that of {@code ZDM_OSC_DEBIAN_MIRROR}, or the
 * machine's, or Debian's own.
 */
final class DebianMySql {
  private static final Duration PATIENCE = Duration.ofMinutes(15);
  private static final Path KEYRING = Path.of("/usr/share/keyrings/debian-archive-keyring.gpg");
  private static final List<String> UNUSED = List.of("usr/share/doc", "usr/share/perl");

  private final Map<String, String> environment;
  private final Consumer<String> notes;

  DebianMySql(Map<String, String> environment, Consumer<String> notes) {
    this.environment = environment;
    this.notes = notes;
  }

  static boolean canFetch() {
    return Stream.of("apt-get", "dpkg-deb").allMatch(DebianMySql::isThere);
  }

  private static boolean isThere(String program) {
    return Commands.outcome(List.of(program, "--version")).status() == 0;
  }

  /** Fetches and unpacks into an empty folder. */
  void fetch(Path into) throws IOException {
    notes.accept("Fetching MySQL from Debian's packages (once) ...");
    Path work = Files.createTempDirectory("zdm-osc-apt");
    try {
      List<String> apt = privateApt(work);
      Commands.run(plus(apt, "update"), PATIENCE);
      Commands.run(plus(apt, "--download-only", "-y", "install", "mysql-server-core"), PATIENCE);
      for (Path archive : archives(work)) {
        Commands.run(List.of("dpkg-deb", "-x", archive.toString(), into.toString()));
      }
      for (String unused : UNUSED) {
        Folders.delete(into.resolve(unused));
      }
      program(into);
    } finally {
      Folders.delete(work);
    }
  }

  /** The server in a folder that {@link #fetch} has filled; runs by the packages' own loader. */
  static MySqlProgram program(Path folder) {
    Path loader = loader(folder.resolve("usr/lib"));
    Path share = folder.resolve("usr/share/mysql");
    List<String> command =
        List.of(
            loader.toString(),
            "--library-path",
            loader.getParent().toString(),
            folder.resolve("usr/sbin/mysqld").toString());
    return MySqlProgram.of(
        command,
        share,
        "--basedir=" + folder.resolve("usr"),
        "--lc-messages-dir=" + share,
        "--character-sets-dir=" + share.resolve("charsets"),
        "--plugin-dir=" + folder.resolve("usr/lib/mysql/plugin"));
  }

  private static Path loader(Path libraries) {
    try (Stream<Path> files = Files.walk(libraries, 2)) {
      return files
          .filter(file -> file.getFileName().toString().matches("ld-linux.*\\.so\\.\\d+"))
          .filter(file -> !file.getParent().equals(libraries))
          .findFirst()
          .orElseThrow(() -> new ServerException("no loader in " + libraries));
    } catch (IOException e) {
      throw new ServerException("cannot list " + libraries, e);
    }
  }

  private static List<Path> archives(Path work) throws IOException {
    try (Stream<Path> files = Files.list(work.resolve("archives"))) {
      return files.filter(file -> file.toString().endsWith(".deb")).toList();
    }
  }

  /** An apt-get that knows of no installed package, and touches nothing outside of the folder. */
  private List<String> privateApt(Path work) throws IOException {
    Path lists = work.resolve("lists");
    Path archives = work.resolve("archives");
    Files.createDirectories(lists.resolve("partial"));
    Files.createDirectories(archives.resolve("partial"));
    Path status = Files.createFile(work.resolve("status"));
    Path sources = work.resolve("sources.list");
    String signedBy = Files.exists(KEYRING) ? "[signed-by=" + KEYRING + "] " : "";
    Files.writeString(sources, "deb " + signedBy + mirror() + " unstable main\n");
    List<String> command = new ArrayList<>(List.of("apt-get", "-q"));
    for (String option :
        List.of(
            "Dir::State=" + work,
            "Dir::State::status=" + status,
            "Dir::State::lists=" + lists,
            "Dir::Cache=" + work,
            "Dir::Cache::archives=" + archives,
            "Dir::Etc::sourcelist=" + sources,
            "Dir::Etc::sourceparts=/dev/null",
            "Dir::Etc::preferences=/dev/null",
            "Dir::Etc::preferencesparts=/dev/null",
            "APT::Install-Recommends=false",
            "APT::Sandbox::User=",
            "Acquire::Languages=none")) {
      command.addAll(List.of("-o", option));
    }
    return command;
  }

  private String mirror() {
    String named = environment.getOrDefault("ZDM_OSC_DEBIAN_MIRROR", "");
    if (!named.isEmpty()) {
      return named;
    }
    Commands.Outcome sites =
        Commands.outcome(List.of("apt-get", "indextargets", "--format", "$(SITE)"));
    return Arrays.stream(sites.status() == 0 ? sites.output().split("\n") : new String[0])
        .map(String::strip)
        .filter(site -> site.matches("https?://.*/debian/?"))
        .findFirst()
        .orElse("http://deb.debian.org/debian");
  }

  private static List<String> plus(List<String> command, String... arguments) {
    List<String> longer = new ArrayList<>(command);
    longer.addAll(List.of(arguments));
    return longer;
  }
}

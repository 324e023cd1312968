package io.zdmosc.cli.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {
  @TempDir private Path folder;

  @Test
  void keepsProgramsWhereTheUserKeepsCaches() {
    assertThat(Folders.cache(Map.of(), folder)).isEqualTo(folder.resolve(".cache/zdm-osc"));
    assertThat(Folders.cache(Map.of("XDG_CACHE_HOME", folder.resolve("c").toString()), folder))
        .isEqualTo(folder.resolve("c/zdm-osc"));
  }

  @Test
  void letsNobodyElseIn() throws IOException {
    assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
    Path cache = folder.resolve("a/b/cache");
    Folders.createPrivate(cache);
    Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwxrwx"));
    Folders.createPrivate(cache);
    assertThat(Files.getPosixFilePermissions(cache))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void doesNotFollowALinkThatSomebodyHasLeftThere() throws IOException {
    assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
    assertThatThrownBy(() -> Folders.createPrivate(link)).isInstanceOf(IOException.class);
  }

  @Test
  void deletesAFolderWithAllThatIsInIt() throws IOException {
    Path deep = Files.createDirectories(folder.resolve("x/y"));
    Files.writeString(deep.resolve("file"), "");
    Folders.delete(folder.resolve("x"));
    Folders.delete(folder.resolve("x"));
    assertThat(folder.resolve("x")).doesNotExist();
  }
}

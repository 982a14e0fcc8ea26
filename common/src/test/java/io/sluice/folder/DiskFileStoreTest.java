package io.sluice.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.FileStore;
import io.sluice.FileStoreContract;
import io.sluice.Unavailable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskFileStoreTest extends FileStoreContract {
  @TempDir private Path folder;

  @Override
  protected FileStore open() {
    return DiskFileStore.open(root(), InstantSource.system());
  }

  private Path root() {
    return folder.resolve("new/files");
  }

  @Test
  void everything_is_for_its_owner_alone() throws IOException {
    FileStore store = open();
    commit(store, "a/b/file", "hello");
    FileStore.Draft draft = store.create("a/draft");
    try (Stream<Path> all = Files.walk(root())) {
      for (Path path : all.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
            .describedAs("%s", path)
            .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
      }
    }
    draft.close();
  }

  @Test
  void links_are_not_followed() throws IOException {
    FileStore store = open();
    commit(store, "a/real", "hello");
    Path secret = Files.writeString(folder.resolve("secret"), "secret");
    Files.createSymbolicLink(root().resolve("a/file"), secret);
    Files.createSymbolicLink(root().resolve("out"), folder);
    assertThatThrownBy(() -> store.read("a/file", 0)).isInstanceOf(Unavailable.class);
    assertThatThrownBy(() -> store.read("out/secret", 0)).isInstanceOf(Unavailable.class);
    assertThatThrownBy(() -> commit(store, "out/new", "x")).isInstanceOf(Unavailable.class);
    assertThatThrownBy(() -> store.delete("out/secret")).isInstanceOf(Unavailable.class);
    assertThatThrownBy(() -> store.list("out", "", 9)).isInstanceOf(Unavailable.class);
    assertThat(store.list("a", "", 9)).containsExactly(new FileStore.Entry("real", false, 5));
    assertThat(secret).hasContent("secret");
  }

  @Test
  void a_folder_with_a_link_in_it_is_deleted_without_what_the_link_leads_to() throws IOException {
    FileStore store = open();
    commit(store, "a/b/file", "hello");
    Path kept = Files.writeString(Files.createDirectory(folder.resolve("kept")).resolve("k"), "k");
    Files.createSymbolicLink(root().resolve("a/b/link"), kept.getParent());
    assertThat(store.delete("a/b")).isTrue();
    assertThat(kept).hasContent("k");
    assertThat(hidden()).isEmpty();
  }

  @Test
  void what_a_dead_process_left_goes_after_a_day() throws IOException {
    Path old = Files.createDirectories(root().resolve(".hidden")).resolve("old");
    Path young = old.resolveSibling("young");
    Files.createDirectories(old.resolve("folder"));
    Files.writeString(old.resolve("folder/file"), "x");
    Files.writeString(young, "x");
    touch(old, Duration.ofHours(25));
    touch(young, Duration.ofHours(23));
    open().create("a/file").close();
    assertThat(hidden()).containsExactly(young);
    assertThat(young).exists();
  }

  @Test
  void a_file_in_place_of_a_folder_makes_it_unavailable() {
    FileStore store = open();
    commit(store, "a/file", "x");
    assertThatThrownBy(() -> commit(store, "a/file/below", "x"))
        .isInstanceOfSatisfying(Unavailable.class, e -> assertThat(e.part()).isEqualTo("files"));
    assertThat(read(store, "a/file/below", 0)).isEmpty();
    assertThat(store.delete("a/file/below")).isFalse();
  }

  @Test
  void a_place_where_no_files_can_be_kept_is_refused_with_its_name() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    assertThatThrownBy(() -> DiskFileStore.open(file, InstantSource.system()))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("files cannot be kept in " + file);
  }

  @Test
  void a_full_disk_is_told() throws IOException {
    Path full = Files.createSymbolicLink(folder.resolve("full"), Path.of("/dev/full"));
    try (DiskDraft draft = new DiskDraft(new Tree(root()), List.of("x"), full)) {
      assertThatThrownBy(() -> draft.write(new byte[10], 0, 10))
          .isInstanceOfSatisfying(Unavailable.class, e -> assertThat(e.part()).isEqualTo("files"))
          .hasMessageContaining("No space left");
    }
    assertThat(full).doesNotExist();
  }

  @Test
  void nothing_that_was_told_done_is_lost_or_torn_by_kills() throws Exception {
    List<String> told = new ArrayList<>();
    for (int kills = 0; kills < 2; kills++) {
      told.addAll(untilKilled("process-" + kills, 60));
    }
    FileStore store = open();
    List<String> made =
        told.stream().filter(it -> it.startsWith("made ")).map(it -> it.substring(5)).toList();
    assertThat(made).isNotEmpty();
    for (String name : made) {
      try (FileStore.Content content = store.read(name, 0).orElseThrow()) {
        assertThat(content.bytes()).isEqualTo(WritingProcess.BYTES);
      }
    }
    for (int kills = 0; kills < 2; kills++) {
      store
          .list("made/process-" + kills, "", 1_000)
          .forEach(file -> assertThat(file.bytes()).isEqualTo(WritingProcess.BYTES));
    }
    assertThat(hidden()).hasSizeLessThanOrEqualTo(2);
  }

  private List<String> untilKilled(String name, int lines)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                java(), "-cp", classes(), WritingProcess.class.getName(), root().toString(), name)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> told = new ArrayList<>();
    try (BufferedReader output = process.inputReader()) {
      int made = 0;
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        told.add(line);
        made += line.startsWith("made ") ? 1 : 0;
        if (made == lines / 2) {
          // By its handle, since that leaves its output readable.
          process.toHandle().destroyForcibly();
        }
      }
      return told;
    } finally {
      process.destroyForcibly();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static String classes() {
    return Optional.ofNullable(System.getProperty("surefire.test.class.path"))
        .orElse(System.getProperty("java.class.path"));
  }

  private List<Path> hidden() throws IOException {
    try (Stream<Path> all = Files.list(root().resolve(".hidden"))) {
      return all.toList();
    }
  }

  private static void touch(Path path, Duration ago) throws IOException {
    Files.setLastModifiedTime(path, FileTime.from(Instant.now().minus(ago)));
    assertThat(Files.exists(path, LinkOption.NOFOLLOW_LINKS)).isTrue();
  }
}

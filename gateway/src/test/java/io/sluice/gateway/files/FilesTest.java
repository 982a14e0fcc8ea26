package io.sluice.gateway.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FileStore;
import io.sluice.MemoryFileStore;
import io.sluice.gateway.files.StoredFile.Terms;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FilesTest {
  private Instant now = Instant.parse("2026-12-01T10:20:30Z");
  private final InstantSource clock = () -> now;
  private final MemoryFileStore store = new MemoryFileStore();
  private final Files files = new Files(store, clock);
  private final FileSweep sweep = new FileSweep(files, store, clock);

  @Test
  void a_file_is_found_by_its_tenant_with_what_was_said_of_it() throws IOException {
    StoredFile made = files.create("acme", terms("ä \0/../x", Optional.empty()), bytes("hello"));
    StoredFile found = files.find("acme", made.id().value()).orElseThrow();
    assertThat(found).isEqualTo(made);
    assertThat(found.bytes()).isEqualTo(5);
    assertThat(found.sha256())
        .isEqualTo("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
    assertThat(found.createdAt()).isEqualTo(now);
    assertThat(files.find("other", made.id().value())).isEmpty();
    assertThat(files.find("acme", "file-../x")).isEmpty();
    try (FileStore.Content content = files.open(found, 2).orElseThrow()) {
      assertThat(content.stream().readAllBytes()).isEqualTo(bytes("llo"));
    }
  }

  @Test
  void what_a_later_version_wrote_besides_is_passed_over() {
    String json =
        "{\"id\":\"file-0123456789abcdef0123456789abcdef\",\"tenant\":\"acme\",\"filename\":\"a\","
            + "\"purpose\":\"batch\",\"bytes\":5,\"sha256\":\"00\",\"later\":{\"x\":1},"
            + "\"created_at\":\"2026-12-01T10:20:30Z\",\"expires_at\":\"2026-12-02T10:20:30Z\"}";
    StoredFile file = StoredFileCodec.read(bytes(json)).orElseThrow();
    assertThat(file.terms().expiresAt()).contains(Instant.parse("2026-12-02T10:20:30Z"));
    assertThat(new String(StoredFileCodec.write(file), UTF_8))
        .isEqualTo(json.replace("\"later\":{\"x\":1},", ""));
  }

  @Test
  void a_file_of_an_id_is_made_once_and_also_after_a_maker_has_died_between() {
    FileId id = FileId.at(now);
    write("files/acme/contents/" + id, "first");
    try (FileDraft second = files.create("acme", id);
        FileDraft third = files.create("acme", id)) {
      second.write(bytes("second"), 0, 6);
      StoredFile made = second.commit(terms("a", Optional.empty()));
      assertThat(made.bytes()).isEqualTo(5);
      assertThat(third.commit(terms("b", Optional.empty()))).isEqualTo(made);
    }
  }

  @Test
  void an_expired_file_is_gone_at_once_and_its_bytes_with_the_next_sweep() {
    Instant later = now.plus(Duration.ofHours(1));
    StoredFile made = files.create("acme", terms("a", Optional.of(later)), bytes("hello"));
    StoredFile kept = files.create("acme", terms("b", Optional.empty()), bytes("hello"));
    now = later.minusSeconds(1);
    sweep.round();
    assertThat(files.find("acme", made.id().value())).isPresent();
    now = later;
    assertThat(files.find("acme", made.id().value())).isEmpty();
    assertThat(files.list("acme", Optional.empty(), 9, true, all -> true)).containsExactly(kept);
    sweep.round();
    assertThat(store.names()).hasSize(2).allMatch(name -> name.endsWith(kept.id().value()));
  }

  @Test
  void a_pinned_file_is_neither_deleted_nor_swept_until_it_is_let_go() throws IOException {
    Instant later = now.plus(Duration.ofHours(1));
    StoredFile made = files.create("acme", terms("a", Optional.of(later)), bytes("hello"));
    assertThat(files.pin(made, "batch_1", later.plusSeconds(60))).isTrue();
    assertThat(files.delete("acme", made.id())).isEqualTo(Files.Deletion.IN_USE);
    now = later;
    sweep.round();
    try (FileStore.Content content = files.open(made, 0).orElseThrow()) {
      assertThat(content.stream().readAllBytes()).isEqualTo(bytes("hello"));
    }
    files.unpin("acme", made.id(), "batch_1");
    sweep.round();
    assertThat(store.names()).isEmpty();
  }

  @Test
  void a_pin_of_somebody_who_died_ends_by_itself_and_none_holds_what_is_gone() {
    StoredFile made = files.create("acme", terms("a", Optional.empty()), bytes("hello"));
    files.pin(made, "batch_1", now.plusSeconds(60));
    now = now.plusSeconds(60);
    assertThat(files.delete("acme", made.id())).isEqualTo(Files.Deletion.DELETED);
    assertThat(files.delete("acme", made.id())).isEqualTo(Files.Deletion.ABSENT);
    assertThat(files.pin(made, "batch_2", now.plusSeconds(60))).isFalse();
  }

  @Test
  void bytes_that_nobody_told_of_go_when_they_are_seen_twice() {
    String name = "files/acme/contents/" + FileId.at(now);
    write(name, "hello");
    sweep.round();
    assertThat(store.names()).contains(name);
    now = now.plus(Duration.ofHours(1));
    sweep.round();
    assertThat(store.names()).isEmpty();
  }

  @Test
  void files_are_listed_in_either_order_page_by_page() {
    List<FileId> ids = new java.util.ArrayList<>();
    for (int n = 0; n < 5; n++) {
      ids.add(files.create("acme", terms("a" + n, Optional.empty()), bytes("x")).id());
      now = now.plusSeconds(1);
    }
    assertThat(ids(Optional.empty(), 2, true)).containsExactly(ids.get(4), ids.get(3));
    assertThat(ids(Optional.of(ids.get(3)), 9, true))
        .containsExactly(ids.get(2), ids.get(1), ids.get(0));
    assertThat(ids(Optional.of(ids.get(3)), 9, false)).containsExactly(ids.get(4));
  }

  private List<FileId> ids(Optional<FileId> after, int limit, boolean newestFirst) {
    return files.list("acme", after, limit, newestFirst, all -> true).stream()
        .map(StoredFile::id)
        .toList();
  }

  private void write(String name, String text) {
    try (FileStore.Draft draft = store.create(name)) {
      draft.write(bytes(text), 0, text.length());
      draft.commit();
    }
  }

  private static Terms terms(String filename, Optional<Instant> expiresAt) {
    return new Terms(filename, Purpose.BATCH, expiresAt);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}

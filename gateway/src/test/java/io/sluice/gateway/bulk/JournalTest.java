package io.sluice.gateway.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.FileStore;
import io.sluice.Unavailable;
import io.sluice.codec.Json;
import io.sluice.folder.DiskFileStore;
import io.sluice.gateway.bulk.Journal.Entry;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final String FOLDER = "batches/default/batch_1/journal";

  @TempDir Path folder;
  private FileStore files;

  @BeforeEach
  void open() {
    files = DiskFileStore.open(folder, InstantSource.system());
  }

  private Journal journal() {
    return Journal.open(files, FOLDER, entry -> {});
  }

  private static JsonNode said(String what) {
    return Json.object().put("said", what);
  }

  private List<Entry> all() {
    return after(0);
  }

  private List<Entry> after(long seq) {
    JournalTail tail = JournalTail.open(files, FOLDER, seq);
    List<Entry> all = new ArrayList<>();
    for (List<Entry> some = tail.more(); !some.isEmpty(); some = tail.more()) {
      all.addAll(some);
    }
    return all;
  }

  @Test
  void what_was_added_is_read_in_its_order_by_whoever_opens_it() throws Exception {
    try (Journal first = journal()) {
      first.add(5, said("a"));
      first.add(2, said("Grüße 🦊\n\"quoted\""));
      first.flush();
      first.add(9, said("c"));
      first.flush();
    }

    List<Entry> found = new ArrayList<>();
    try (Journal next = Journal.open(files, FOLDER, found::add)) {
      assertThat(next.size()).isEqualTo(3);
      assertThat(next.has(2)).isTrue();
      assertThat(next.has(3)).isFalse();
    }
    assertThat(found)
        .containsExactly(
            new Entry(1, 5, said("a")),
            new Entry(2, 2, said("Grüße 🦊\n\"quoted\"")),
            new Entry(3, 9, said("c")));
    assertThat(all()).isEqualTo(found);
  }

  @Test
  void a_piece_has_one_entry() throws Exception {
    try (Journal journal = journal()) {
      assertThat(journal.add(1, said("first"))).isTrue();
      assertThat(journal.add(1, said("second"))).isFalse();
      journal.flush();
    }
    try (Journal later = journal()) {
      assertThat(later.add(1, said("third"))).isFalse();
    }
    assertThat(all()).containsExactly(new Entry(1, 1, said("first")));
  }

  @Test
  void two_that_write_at_once_give_no_number_twice_and_no_piece_two_entries() throws Exception {
    try (Journal one = journal();
        Journal other = journal()) {
      for (int piece = 0; piece < 40; piece++) {
        one.add(piece, said("one"));
        other.add(39 - piece, said("other"));
        if (piece % 3 == 0) {
          one.flush();
        }
        if (piece % 4 == 0) {
          other.flush();
        }
      }
      one.flush();
      other.flush();
    }

    assertThat(all()).extracting(Entry::seq).isEqualTo(numbers(40));
    assertThat(all()).extracting(Entry::piece).doesNotHaveDuplicates();
    assertThat(all()).extracting(entry -> entry.json().path("said").asText()).contains("one");
    assertThat(all()).extracting(entry -> entry.json().path("said").asText()).contains("other");
  }

  private static List<Long> numbers(int most) {
    return IntStream.rangeClosed(1, most).mapToObj(n -> (long) n).toList();
  }

  @Test
  void who_reads_on_gets_what_came_after_and_nothing_again() throws Exception {
    try (Journal journal = journal()) {
      for (int piece = 0; piece < 10; piece++) {
        journal.add(piece, said("x"));
        if (piece % 4 == 3) {
          journal.flush();
        }
      }
      journal.flush();
      for (long seq = 0; seq <= 10; seq++) {
        assertThat(after(seq)).as("after %d", seq).extracting(Entry::seq).isEqualTo(from(seq + 1));
      }
      JournalTail tail = JournalTail.open(files, FOLDER, 10);
      assertThat(tail.more()).isEmpty();
      journal.add(10, said("late"));
      journal.flush();
      assertThat(tail.more()).containsExactly(new Entry(11, 10, said("late")));
    }
  }

  private static List<Long> from(long first) {
    return IntStream.rangeClosed((int) first, 10).mapToObj(n -> (long) n).toList();
  }

  @Test
  void what_was_not_flushed_is_written_before_long() throws Exception {
    try (Journal journal = journal()) {
      journal.add(0, said("x"));
      org.awaitility.Awaitility.await().until(() -> all().size() == 1);
    }
  }

  @Test
  void long_entries_are_in_segments_of_their_own_since_each_reader_has_one_in_memory()
      throws Exception {
    String text = "x".repeat(Journal.SEGMENT_BYTES_MAX / 3);
    try (Journal journal = journal()) {
      for (int piece = 0; piece < 5; piece++) {
        journal.add(piece, said(text));
      }
      journal.add(5, said(text.repeat(4)));
      journal.flush();
    }
    assertThat(all()).extracting(Entry::seq).isEqualTo(numbers(6));
    JournalTail tail = JournalTail.open(files, FOLDER, 0);
    assertThat(List.of(tail.more().size(), tail.more().size(), tail.more().size()))
        .isEqualTo(List.of(2, 2, 1));
    assertThat(tail.more()).hasSize(1);
  }

  @Test
  void a_store_that_is_away_is_told_to_who_adds() throws Exception {
    Journal journal = Journal.open(new FullStore(), FOLDER, entry -> {});
    journal.add(0, said("x"));
    assertThatThrownBy(journal::flush).isInstanceOf(Unavailable.class);
    assertThatThrownBy(() -> journal.add(1, said("y"))).isInstanceOf(Unavailable.class);
    journal.close();
  }

  /** A place without room. */
  private static final class FullStore implements FileStore {
    @Override
    public Draft create(String name) {
      throw new Unavailable("files", "no space left");
    }

    @Override
    public Optional<Content> read(String name, long offset) {
      return Optional.empty();
    }

    @Override
    public List<Entry> list(String folder, String after, int limit) {
      return List.of();
    }

    @Override
    public boolean delete(String name) {
      return false;
    }
  }
}

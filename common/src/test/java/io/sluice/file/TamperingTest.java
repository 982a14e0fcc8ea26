package io.sluice.file;

import static io.sluice.Await.await;
import static io.sluice.file.TemporaryAudit.forged;
import static io.sluice.file.TemporaryAudit.lines;
import static io.sluice.file.TemporaryAudit.put;
import static io.sluice.file.TemporaryAudit.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.AuditEvent;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Whatever somebody does to the files, {@code verify} says what and where. */
class TamperingTest {
  private static final int ENTRIES = 12;

  private TemporaryAudit data;

  @BeforeEach
  void write() {
    data = TemporaryAudit.make();
    data.write(1, ENTRIES + 1);
    assertThat(data.verify().flaw()).isEmpty();
  }

  @AfterEach
  void close() {
    data.close();
  }

  private void assertFlaw(Flaw.Kind kind, long seq) {
    Flaw flaw = data.flaw();
    assertThat(flaw.kind()).as(flaw.text()).isEqualTo(kind);
    assertThat(flaw.seq()).as(flaw.text()).isEqualTo(seq);
  }

  @TestFactory
  Stream<DynamicTest> any_changed_byte_is_found_at_its_entry() {
    Path file = data.only();
    String before = text(file);
    int line = before.indexOf("{\"seq\":5,");
    int next = before.indexOf("{\"seq\":6,");
    return java.util.stream.IntStream.range(line, next)
        .mapToObj(
            at ->
                DynamicTest.dynamicTest(
                    "byte " + (at - line) + " '" + before.charAt(at) + "'",
                    () -> {
                      for (int bit : new int[] {1, 4, 128}) {
                        char other = (char) (before.charAt(at) ^ bit);
                        put(file, before.substring(0, at) + other + before.substring(at + 1));
                        assertFlaw(Flaw.Kind.CHANGED, 5);
                      }
                      put(file, before);
                    }));
  }

  @Test
  void a_removed_line_is_found() {
    List<String> lines = new ArrayList<>(lines(data.only()));
    lines.remove(4);
    put(data.only(), lines);
    assertFlaw(Flaw.Kind.REMOVED, 5);
  }

  @Test
  void the_removed_first_line_is_found() {
    put(data.only(), lines(data.only()).subList(1, ENTRIES));
    Flaw flaw = data.flaw();
    assertThat(flaw.seq()).isEqualTo(1);
  }

  @Test
  void two_swapped_lines_are_found() {
    List<String> lines = new ArrayList<>(lines(data.only()));
    Collections.swap(lines, 4, 5);
    put(data.only(), lines);
    assertFlaw(Flaw.Kind.REORDERED, 5);
  }

  @Test
  void a_line_that_stands_twice_is_found() {
    List<String> lines = new ArrayList<>(lines(data.only()));
    lines.add(5, lines.get(4));
    put(data.only(), lines);
    assertFlaw(Flaw.Kind.INSERTED, 5);
  }

  @Test
  void an_inserted_line_with_a_right_hash_is_found() {
    List<String> lines = new ArrayList<>(lines(data.only()));
    lines.add(5, forged(6, alibi(), lines.get(4)));
    put(data.only(), lines);
    assertFlaw(Flaw.Kind.INSERTED, 6);
  }

  @Test
  void a_replaced_line_with_a_right_hash_is_found_at_the_next() {
    List<String> lines = new ArrayList<>(lines(data.only()));
    lines.set(5, forged(6, alibi(), lines.get(4)));
    put(data.only(), lines);
    assertFlaw(Flaw.Kind.INSERTED, 7);
  }

  @Test
  void a_log_that_was_chained_anew_is_not_the_one_of_the_checkpoint() {
    List<String> lines = new ArrayList<>();
    for (int seq = 1; seq <= ENTRIES; seq++) {
      lines.add(forged(seq, alibi(), seq == 1 ? "" : lines.getLast()));
    }
    put(data.only(), lines);
    assertFlaw(Flaw.Kind.REPLACED, ENTRIES);
  }

  @Test
  void a_replaced_last_line_is_not_the_one_of_the_checkpoint() {
    List<String> lines = new ArrayList<>(lines(data.only()));
    lines.set(ENTRIES - 1, forged(ENTRIES, alibi(), lines.get(ENTRIES - 2)));
    put(data.only(), lines);
    assertFlaw(Flaw.Kind.REPLACED, ENTRIES);
  }

  @Test
  void a_cut_end_is_found_and_stays_found_when_servers_write_on() {
    put(data.only(), lines(data.only()).subList(0, 9));
    assertFlaw(Flaw.Kind.CUT, 10);
    data.write(20, 25);
    assertFlaw(Flaw.Kind.REMOVED, 10);
  }

  @Test
  void a_cut_within_the_last_line_is_found() {
    String text = text(data.only());
    put(data.only(), text.substring(0, text.length() - 1));
    assertFlaw(Flaw.Kind.CUT, ENTRIES);
  }

  @Test
  void a_log_that_was_replaced_while_nobody_wrote_is_told_by_the_next_writer() {
    List<String> lines = new ArrayList<>();
    for (int seq = 1; seq <= ENTRIES + 3; seq++) {
      lines.add(forged(seq, alibi(), seq == 1 ? "" : lines.getLast()));
    }
    put(data.only(), lines);
    data.write(20, 21);
    assertFlaw(Flaw.Kind.FOUND_BEFORE, ENTRIES + 4);
  }

  @Test
  void a_removed_log_is_found_before_and_after_servers_write_on() throws IOException {
    Files.delete(data.only());
    assertFlaw(Flaw.Kind.CUT, 1);
    data.write(20, 22);
    assertThat(data.flaw().seq()).isEqualTo(1);
  }

  @Test
  void an_emptied_folder_without_its_checkpoint_is_found_by_the_servers_that_run()
      throws IOException {
    for (boolean withItsKey : new boolean[] {false, true}) {
      try (TemporaryAudit log = TemporaryAudit.make();
          FileAudit server = log.open()) {
        await(server.append(TemporaryAudit.event(1)));
        Files.delete(log.only());
        Files.delete(log.config().checkpoint());
        if (withItsKey) {
          Files.delete(log.config().key());
        }
        await(server.append(TemporaryAudit.event(2)));
        assertThat(log.flaw().seq()).isEqualTo(1);
        assertThat(text(log.only()))
            .contains("the checkpoint was put back or removed", "the log ended at entry 0");
      }
    }
  }

  @Test
  void an_earlier_state_that_is_put_back_is_found_by_the_servers_that_run() throws IOException {
    try (FileAudit server = data.open()) {
      String log = text(data.only());
      String checkpoint = text(data.config().checkpoint());
      await(server.append(TemporaryAudit.event(20)));
      put(data.only(), log);
      put(data.config().checkpoint(), checkpoint);
      await(server.append(TemporaryAudit.event(21)));
      assertFlaw(Flaw.Kind.REMOVED, ENTRIES + 1);
    }
  }

  @Test
  void
      entries_that_somebody_appends_while_nobody_writes_are_told_by_verify_and_by_the_next_writer() {
    List<String> lines = new ArrayList<>(lines(data.only()));
    lines.add(forged(ENTRIES + 1, alibi(), lines.getLast()));
    lines.add(forged(ENTRIES + 2, alibi(), lines.getLast()));
    put(data.only(), lines);
    assertThat(data.verify().notes())
        .singleElement()
        .asString()
        .contains("no checkpoint has signed entries 13 to 14");
    data.write(20, 21);
    Verdict verdict = data.verify();
    assertThat(verdict.flaw()).as("a killed process looks the same").isEmpty();
    assertThat(verdict.notes())
        .singleElement()
        .asString()
        .contains("entry 15: no checkpoint had signed entries 13 to 14");
  }

  @Test
  void a_missing_checkpoint_is_found_before_and_after_servers_write_on() throws IOException {
    Files.delete(data.config().checkpoint());
    assertFlaw(Flaw.Kind.NO_CHECKPOINT, ENTRIES + 1);
    data.write(20, 21);
    assertFlaw(Flaw.Kind.FOUND_BEFORE, ENTRIES + 1);
  }

  @Test
  void a_checkpoint_that_somebody_else_wrote_is_none() {
    put(
        data.config().checkpoint(),
        text(data.config().checkpoint()).replace("\"seq\":", "\"seq\":1"));
    assertFlaw(Flaw.Kind.NO_CHECKPOINT, ENTRIES + 1);
  }

  @Test
  void another_key_does_not_sign_for_the_first() throws IOException {
    Files.delete(data.config().key());
    assertFlaw(Flaw.Kind.NO_CHECKPOINT, ENTRIES + 1);
    data.write(20, 21);
    assertThat(data.flaw().kind()).isEqualTo(Flaw.Kind.FOUND_BEFORE);
  }

  @Test
  void a_removed_file_in_the_middle_or_at_the_end_is_found() throws IOException {
    try (TemporaryAudit small = TemporaryAudit.make(900, 0)) {
      small.write(0, 20);
      List<Path> files = small.files();
      long missing = first(files.get(2));
      byte[] kept = Files.readAllBytes(files.get(2));
      Files.delete(files.get(2));
      assertThat(small.flaw().kind()).isEqualTo(Flaw.Kind.FILE_MISSING);
      assertThat(small.flaw().seq()).isEqualTo(missing);
      Files.write(files.get(2), kept);
      assertThat(small.verify().flaw()).isEmpty();

      Files.delete(files.getLast());
      assertThat(small.flaw().kind()).isEqualTo(Flaw.Kind.CUT);
      assertThat(small.flaw().seq()).isEqualTo(first(files.getLast()));
    }
  }

  private static long first(Path file) {
    return Long.parseLong(file.getFileName().toString().replaceAll("[^0-9]", ""));
  }

  private static AuditEvent alibi() {
    return AuditEvent.of(java.time.Instant.now(), Action.JOB_END, Outcome.SUCCESS).tenant("bolt");
  }
}

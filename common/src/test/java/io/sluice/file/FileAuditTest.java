package io.sluice.file;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.AuditEvent;
import io.sluice.AuditEvent.Action;
import io.sluice.AuditEvent.Outcome;
import io.sluice.AuditLog;
import io.sluice.AuditLogContract;
import io.sluice.Unavailable;
import io.sluice.codec.Json;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FileAuditTest extends AuditLogContract {
  private TemporaryAudit data;
  private FileAudit audit;

  @BeforeEach
  void open() {
    data = TemporaryAudit.make();
    audit = data.open();
  }

  @AfterEach
  void close() {
    audit.close();
    data.close();
  }

  @Override
  protected AuditLog log() {
    return audit;
  }

  @Test
  void files_and_folders_are_their_owners_alone() throws IOException {
    await(audit.append(TemporaryAudit.event(1)));
    assertThat(mode(data.config().folder())).isEqualTo("rwx------");
    for (Path file :
        List.of(
            data.only(),
            data.config().checkpoint(),
            data.config().key(),
            data.config().folder().resolve("lock"))) {
      assertThat(mode(file)).as(file.toString()).isEqualTo("rw-------");
    }
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void a_chain_goes_on_over_restarts() {
    audit.close();
    data.write(0, 5);
    data.write(5, 9);
    Verdict verdict = data.verify();
    assertThat(verdict.flaw()).isEmpty();
    assertThat(verdict.entries()).isEqualTo(9);
    assertThat(verdict.notes()).isEmpty();
  }

  @Test
  void hostile_values_make_exactly_one_line_of_ascii_each() {
    List<String> hostile =
        List.of(
            "\r\n{\"seq\":1,\"action\":\"key_create\"}",
            "a\u2028b\u2029c",
            "\u202e\u2066gnp.exe\u2069\u200f\u061c",
            "\u001b[2J\u009b31m\u007f\u0000\u0085",
            "\ud800 alone",
            "\",\"hash\":\"" + "0".repeat(64) + "\"}",
            "\ufeff\ufffe\u00a0");
    for (String text : hostile) {
      await(
          audit.append(
              AuditEvent.of(Instant.now(), Action.AUTHENTICATE, Outcome.REFUSED)
                  .tenant(text)
                  .principal(text)
                  .address(text)
                  .target(text)
                  .detail(text, text)));
    }
    String file = TemporaryAudit.text(data.only());
    assertThat(file.chars()).allMatch(c -> c == '\n' || c >= ' ' && c < 0x7f);
    List<String> lines = TemporaryAudit.lines(data.only());
    assertThat(lines).hasSameSizeAs(hostile);
    for (int n = 0; n < hostile.size(); n++) {
      assertThat(Json.parse(lines.get(n)).path("target").asText()).isEqualTo(hostile.get(n));
      assertThat(Json.parse(lines.get(n)).path("details").properties())
          .singleElement()
          .extracting(detail -> detail.getValue().asText())
          .isEqualTo(hostile.get(n));
    }
    assertThat(data.verify().flaw()).isEmpty();
  }

  @Test
  void a_full_disk_fails_what_was_asked_and_what_was_lost_is_told_afterwards() {
    audit.close();
    AtomicBoolean full = new AtomicBoolean();
    Chain.Disk disk =
        (channel, bytes, at) -> {
          if (full.get()) {
            bytes.limit(bytes.limit() / 2);
            Chain.Disk.REAL.write(channel, bytes, at);
            throw new IOException("No space left on device");
          }
          Chain.Disk.REAL.write(channel, bytes, at);
        };
    audit = FileAudit.open(data.config(), Instant::now, disk);
    await(audit.append(TemporaryAudit.event(1)));
    full.set(true);
    assertThatThrownBy(() -> await(audit.append(TemporaryAudit.event(2))))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("No space left");
    assertThatThrownBy(() -> await(audit.append(TemporaryAudit.event(3))))
        .isInstanceOf(Unavailable.class);
    assertThatThrownBy(() -> await(audit.health().check())).hasMessageContaining("No space left");
    assertThat(data.verify().flaw()).isEmpty();

    full.set(false);
    await(audit.append(TemporaryAudit.event(4)));
    await(audit.health().check());
    assertThat(await(audit.search(everything())).stream().map(FileAuditTest::brief))
        .containsExactly("job_4", "lost 2", "job_1");
    Verdict verdict = data.verify();
    assertThat(verdict.flaw()).isEmpty();
    assertThat(verdict.entries()).isEqualTo(3);
    assertThat(verdict.notes()).singleElement().asString().contains("entry 2: events lost: 2");
  }

  private static String brief(AuditEvent event) {
    return event.action() == Action.AUDIT_LOSS
        ? "lost " + event.details().get("events")
        : event.target().orElse("");
  }

  @Test
  void more_events_than_the_queue_holds_are_refused_at_once() throws InterruptedException {
    audit.close();
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch writing = new CountDownLatch(1);
    audit =
        FileAudit.open(
            data.config(),
            Instant::now,
            (channel, bytes, at) -> {
              writing.countDown();
              hold(goOn);
              Chain.Disk.REAL.write(channel, bytes, at);
            });
    List<Future<Void>> asked = new ArrayList<>();
    asked.add(audit.append(TemporaryAudit.event(0)));
    writing.await();
    for (int n = 1; n <= FileAudit.QUEUE_MAX; n++) {
      asked.add(audit.append(TemporaryAudit.event(n)));
    }
    Future<Void> beyond = audit.append(TemporaryAudit.event(-1));
    assertThat(beyond.failed()).isTrue();
    assertThat(beyond.cause()).isInstanceOf(Unavailable.class);
    goOn.countDown();
    asked.forEach(io.sluice.Await::await);
    audit.close();
    Verdict verdict = data.verify();
    assertThat(verdict.entries()).as("and one of the loss").isEqualTo(FileAudit.QUEUE_MAX + 2);
    assertThat(verdict.notes()).singleElement().asString().contains("events lost: 1");
  }

  private static void hold(CountDownLatch goOn) {
    try {
      goOn.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void what_was_asked_before_a_close_is_written_and_what_comes_after_is_refused() {
    List<Future<Void>> asked =
        IntStream.range(0, 100).mapToObj(n -> audit.append(TemporaryAudit.event(n))).toList();
    audit.close();
    asked.forEach(io.sluice.Await::await);
    assertThat(data.verify().entries()).isEqualTo(100);
    assertThat(audit.append(TemporaryAudit.event(1)).failed()).isTrue();
  }

  @Test
  void a_torn_last_line_is_cut_off_and_that_is_told() {
    audit.close();
    data.write(0, 3);
    Path file = data.only();
    TemporaryAudit.put(file, TemporaryAudit.text(file) + "{\"seq\":4,\"time\":\"20");
    assertThat(data.verify().notes()).hasSize(1);
    data.write(3, 5);
    Verdict verdict = data.verify();
    assertThat(verdict.flaw()).isEmpty();
    assertThat(verdict.entries()).isEqualTo(6);
    assertThat(verdict.notes()).singleElement().asString().contains("entry 4: a torn last line");
  }

  @Test
  void a_full_file_is_followed_by_the_next() {
    audit.close();
    try (TemporaryAudit small = TemporaryAudit.make(1_000, 0)) {
      small.write(0, 20);
      assertThat(small.files()).hasSizeGreaterThan(4);
      assertThat(small.verify().flaw()).isEmpty();
      assertThat(small.verify().entries()).isEqualTo(20);
      try (FileAudit again = small.open()) {
        assertThat(await(again.search(everything()))).hasSize(20);
      }
    }
  }

  @Test
  void a_day_has_a_file_of_its_own_and_old_ones_are_deleted_if_so_set() {
    audit.close();
    AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T23:59:00Z"));
    try (TemporaryAudit short3 = TemporaryAudit.make(FileAuditConfig.FILE_BYTES_MAX, 3);
        FileAudit daily = FileAudit.open(short3.config(), now::get)) {
      for (int day = 0; day < 8; day++) {
        await(daily.append(AuditEvent.of(now.get(), Action.PROCESS_START, Outcome.SUCCESS)));
        await(daily.append(AuditEvent.of(now.get(), Action.PROCESS_STOP, Outcome.SUCCESS)));
        assertThat(short3.verify().flaw()).isEmpty();
        now.updateAndGet(it -> it.plus(Duration.ofDays(1)));
      }
      assertThat(short3.files()).hasSize(5);
      assertThat(await(daily.search(everything())).stream().map(AuditEvent::action))
          .contains(Action.AUDIT_PRUNE);

      // A file that is removed by somebody else is missed all the same.
      assertThat(short3.files().getFirst().toFile().delete()).isTrue();
      assertThat(short3.flaw().kind()).isEqualTo(Flaw.Kind.FILE_MISSING);
    }
  }

  /** Eight days of two entries each, of which three days are to be kept. */
  private static void eightDays(
      TemporaryAudit data, java.util.function.BiConsumer<Integer, FileAudit> eachDay) {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T23:59:00Z"));
    try (FileAudit daily = FileAudit.open(data.config(), now::get)) {
      for (int day = 0; day < 8; day++) {
        await(daily.append(AuditEvent.of(now.get(), Action.PROCESS_START, Outcome.SUCCESS)));
        await(daily.append(AuditEvent.of(now.get(), Action.PROCESS_STOP, Outcome.SUCCESS)));
        eachDay.accept(day, daily);
        now.updateAndGet(it -> it.plus(Duration.ofDays(1)));
      }
    }
  }

  @Test
  void how_old_a_file_is_does_not_hang_on_what_its_lines_say() {
    try (TemporaryAudit short3 = TemporaryAudit.make(FileAuditConfig.FILE_BYTES_MAX, 3)) {
      eightDays(
          short3,
          (day, daily) -> {
            if (day == 2) {
              Path second = short3.files().get(1);
              TemporaryAudit.put(
                  second, TemporaryAudit.text(second).replace("2026-03-02T", "2020-03-02T"));
            }
            if (day == 3) {
              assertThat(short3.files()).as("nothing is three days old").hasSize(4);
            }
          });
    }
  }

  @Test
  void a_file_that_is_not_as_it_was_written_is_not_deleted() {
    try (TemporaryAudit short3 = TemporaryAudit.make(FileAuditConfig.FILE_BYTES_MAX, 3)) {
      eightDays(
          short3,
          (day, daily) -> {
            if (day == 1) {
              Path first = short3.only();
              TemporaryAudit.put(first, TemporaryAudit.text(first).replace("_stop", "_halt"));
            }
          });
      assertThat(short3.files()).hasSize(8);
      assertThat(short3.flaw().kind()).isEqualTo(Flaw.Kind.CHANGED);
      assertThat(short3.flaw().seq()).isEqualTo(2);
      assertThat(TemporaryAudit.text(short3.files().getLast()))
          .contains("entry 2 is not as it was written: old files stay");
    }
  }

  @Test
  void an_old_file_that_cannot_be_deleted_fails_no_entry_and_is_told() {
    try (TemporaryAudit short3 = TemporaryAudit.make(FileAuditConfig.FILE_BYTES_MAX, 3)) {
      eightDays(
          short3,
          (day, daily) -> {
            if (day == 0) {
              Path undeletable = short3.config().folder().resolve("audit-0000000000000000.jsonl");
              assertThat(undeletable.resolve("full").toFile().mkdirs()).isTrue();
            } else {
              assertThatThrownBy(() -> await(daily.health().check()))
                  .hasMessageContaining("cannot delete old files");
            }
          });
    }
  }

  @Test
  void a_noted_entry_that_is_no_longer_there_is_told_as_one() {
    List<AuditReader.Noted> noted = new ArrayList<>();
    try (TemporaryAudit short3 = TemporaryAudit.make(FileAuditConfig.FILE_BYTES_MAX, 3)) {
      eightDays(
          short3,
          (day, daily) -> {
            Verdict then = short3.verify();
            noted.add(new AuditReader.Noted(then.last(), then.head()));
          });
      AuditReader reader = new AuditReader(short3.config());
      assertThat(reader.verify(Optional.of(noted.getLast())).flaw()).isEmpty();
      assertThat(reader.verify(Optional.of(noted.getFirst())).flaw())
          .hasValueSatisfying(flaw -> assertThat(flaw.text()).contains("no longer in the log"));
    }
  }

  @Test
  void a_link_in_the_place_of_a_file_is_not_followed() throws IOException {
    audit.close();
    Path victim = Files.writeString(data.data().resolve("victim"), "as it was");
    Files.createSymbolicLink(
        data.config().folder().resolve("audit-0000000000000001.jsonl"), victim);
    assertThatThrownBy(data::open).hasMessageContaining("cannot be written");
    assertThat(victim).hasContent("as it was");
  }

  @Test
  void a_key_that_others_can_read_is_refused() throws IOException {
    audit.close();
    Files.setPosixFilePermissions(
        data.config().key(), PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(data::open).hasMessageContaining("chmod 600");
    assertThatThrownBy(data::verify).hasMessageContaining("chmod 600");
  }

  @Test
  void a_lock_that_is_held_within_the_process_is_let_go_of() throws IOException {
    Path lock = data.config().folder().resolve("lock");
    try (FileChannel held = FileChannel.open(lock, StandardOpenOption.WRITE)) {
      held.lock();
      assertThatThrownBy(() -> await(audit.append(TemporaryAudit.event(1))))
          .isInstanceOf(Unavailable.class);
    }
    data.write(1, 2);
    assertThat(data.verify().entries()).isPositive();
  }

  @Test
  void a_log_without_entries_has_a_checkpoint_so_that_an_emptied_one_is_told_from_it()
      throws IOException {
    assertThat(data.verify().flaw()).isEmpty();
    assertThat(data.verify().notes()).containsExactly("there are no entries yet");
    Files.delete(data.config().checkpoint());
    assertThat(data.flaw().kind()).isEqualTo(Flaw.Kind.NO_CHECKPOINT);
  }

  @Test
  void a_log_that_begins_under_an_old_key_says_so() throws IOException {
    await(audit.append(TemporaryAudit.event(1)));
    audit.close();
    Files.delete(data.only());
    Files.delete(data.config().checkpoint());
    data.write(1, 2);
    assertThat(data.verify().flaw()).isEmpty();
    assertThat(data.verify().notes()).singleElement().asString().contains("a key that was there");
  }

  @Test
  void a_noted_entry_proves_what_was_before_it() {
    audit.close();
    data.write(0, 4);
    Verdict then = data.verify();
    AuditReader.Noted noted = new AuditReader.Noted(then.last(), then.head());
    data.write(4, 6);
    AuditReader reader = new AuditReader(data.config());
    assertThat(reader.verify(Optional.of(noted)).flaw()).isEmpty();
    assertThat(reader.verify(Optional.of(new AuditReader.Noted(4, Link.NONE))).flaw())
        .hasValueSatisfying(flaw -> assertThat(flaw.kind()).isEqualTo(Flaw.Kind.REPLACED));
    assertThat(reader.verify(Optional.of(new AuditReader.Noted(99, Link.NONE))).flaw())
        .hasValueSatisfying(flaw -> assertThat(flaw.kind()).isEqualTo(Flaw.Kind.CUT));
  }

  @Test
  void two_writers_of_a_folder_make_one_chain() {
    try (FileAudit other = data.open()) {
      List<Future<Void>> all = new ArrayList<>();
      for (int n = 0; n < 300; n++) {
        all.add(audit.append(TemporaryAudit.event(n)));
        all.add(other.append(TemporaryAudit.event(1_000 + n)));
        if (n % 7 == 0) {
          await(all.getLast());
        }
      }
      all.forEach(io.sluice.Await::await);
    }
    Verdict verdict = data.verify();
    assertThat(verdict.flaw()).isEmpty();
    assertThat(verdict.entries()).isEqualTo(600);
    assertThat(verdict.notes()).isEmpty();
  }

  @Test
  void a_folder_that_cannot_be_made_is_said_at_the_start() throws IOException {
    audit.close();
    Path file = Files.createFile(data.data().resolve("file"));
    FileAuditConfig in = FileAuditConfig.in(file);
    assertThatThrownBy(() -> FileAudit.open(in, Instant::now))
        .hasMessageContaining("the audit log in")
        .hasMessageContaining("cannot be written");
  }
}

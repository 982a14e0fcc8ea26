package io.sluice.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.TextExtraction.Bounds;
import io.sluice.TextExtraction.Extraction;
import io.sluice.TextExtraction.Reason;
import io.sluice.TextExtraction.Refused;
import io.sluice.Unavailable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReaderProcessesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Extracting extracting = new Extracting();

  @AfterEach
  void end() {
    extracting.close();
  }

  @Test
  void an_endless_document_is_ended_and_its_process_replaced() {
    Bounds hasty = new Bounds(1 << 20, 1_000, Duration.ofSeconds(1));
    Refused refused = (Refused) extracting.of(HostilePdfs.endlessContent(), "endless.pdf", hasty);
    assertThat(refused.reason()).isEqualTo(Reason.TIMED_OUT);
    assertThat(extracting.processes.pids()).isEmpty();
    assertThat(extracting.text("good", "good.txt").text()).isEqualTo("good");
  }

  @Test
  void a_document_that_works_for_too_long_is_ended_before_its_time_is_over() {
    ReaderProcesses.Settings little =
        new ReaderProcesses.Settings(1, 64L << 20, Duration.ofSeconds(1), Duration.ofMinutes(1));
    Bounds patient = new Bounds(1 << 20, 1_000, Duration.ofHours(1));
    try (ReaderProcesses processes = new ReaderProcesses(little, InstantSource.system())) {
      Refused refused =
          (Refused)
              processes.extract(
                  new ByteArrayInputStream(HostilePdfs.endlessContent()), "endless.pdf", patient);
      assertThat(refused.reason()).isEqualTo(Reason.TIMED_OUT);
    }
  }

  @Test
  void a_good_document_is_read_while_an_endless_one_is() throws Exception {
    CompletableFuture<Extraction> endless = begin(HostilePdfs.endlessContent());
    assertThat(extracting.text(HostilePdfs.good(), "good.pdf").text()).contains("A good page.");
    assertThat(endless).isNotDone();
  }

  @Test
  void a_process_that_dies_costs_its_document_and_no_other() throws Exception {
    CompletableFuture<Extraction> endless = begin(HostilePdfs.endlessContent());
    kill(extracting.processes.pids().getFirst());
    Refused refused = (Refused) endless.get();
    assertThat(refused.reason()).isEqualTo(Reason.CRASHED);
    assertThat(extracting.text("good", "good.txt").text()).isEqualTo("good");
  }

  @Test
  void a_process_is_kept_for_the_next_document_unless_it_died_meanwhile() {
    extracting.text("one", "one.txt");
    List<Long> first = extracting.processes.pids();
    extracting.text("two", "two.txt");
    assertThat(extracting.processes.pids()).isEqualTo(first).hasSize(1);
    kill(first.getFirst());
    assertThat(extracting.text("three", "three.txt").text()).isEqualTo("three");
    assertThat(extracting.processes.pids()).hasSize(1).isNotEqualTo(first);
  }

  @Test
  void a_process_has_nothing_of_the_environment_and_a_folder_that_goes_with_it()
      throws IOException {
    extracting.text("one", "one.txt");
    Path process = Path.of("/proc/" + extracting.processes.pids().getFirst());
    String environment = Files.readString(process.resolve("environ"));
    assertThat(environment.split("\0"))
        .allMatch(
            entry ->
                Set.of("LC_ALL", "MALLOC_ARENA_MAX", "PWD", "OLDPWD", "SHLVL", "_")
                    .contains(entry.split("=")[0]));
    Path folder = process.resolve("cwd").toRealPath();
    assertThat(folder).isEmptyDirectory();
    extracting.close();
    assertThat(folder).doesNotExist();
  }

  @Test
  void a_process_is_bounded_by_the_kernel_and_yields_to_others() throws IOException {
    extracting.text("one", "one.txt");
    Path process = Path.of("/proc/" + extracting.processes.pids().getFirst());
    assertThat(Files.readString(process.resolve("limits")))
        .doesNotContainPattern("Max cpu time +unlimited")
        .doesNotContainPattern("Max file size +unlimited")
        .doesNotContainPattern("Max address space +unlimited");
    String[] stat = Files.readString(process.resolve("stat")).split("\\) ")[1].split(" ");
    assertThat(Integer.parseInt(stat[16])).as("nice").isGreaterThanOrEqualTo(5);
  }

  @Test
  void a_source_that_breaks_is_the_callers_affair() {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("the store is away");
          }
        };
    assertThatThrownBy(() -> extracting.processes.extract(broken, "a.txt", Extracting.BOUNDS))
        .isInstanceOf(UncheckedIOException.class);
    assertThat(extracting.text("good", "good.txt").text()).isEqualTo("good");
  }

  @Test
  void after_the_end_nothing_is_extracted_and_no_process_is_left() throws Exception {
    CompletableFuture<Extraction> endless = begin(HostilePdfs.endlessContent());
    ProcessHandle process = ProcessHandle.of(extracting.processes.pids().getFirst()).orElseThrow();
    extracting.close();
    assertThat(((Refused) endless.get()).reason()).isEqualTo(Reason.CRASHED);
    await().atMost(PATIENCE).until(() -> !process.isAlive());
    assertThatThrownBy(() -> extracting.text("late", "late.txt")).isInstanceOf(Unavailable.class);
  }

  @Test
  void a_process_ends_when_its_server_is_killed() throws Exception {
    Process server = server();
    List<String> said = server.inputReader(StandardCharsets.UTF_8).lines().limit(1).toList();
    ProcessHandle reader = ProcessHandle.of(Long.parseLong(said.getFirst())).orElseThrow();
    Path folder = Path.of("/proc/" + reader.pid() + "/cwd").toRealPath();
    server.destroyForcibly().waitFor();
    await().atMost(PATIENCE).until(() -> !reader.isAlive());
    assertThat(folder).doesNotExist();
  }

  private static Process server() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            EndlessMain.class.getName())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Begins to extract, and returns when a process has the document. */
  private CompletableFuture<Extraction> begin(byte[] document) {
    Bounds patient = new Bounds(1 << 20, 1_000, Duration.ofMinutes(5));
    CompletableFuture<Extraction> ending =
        CompletableFuture.supplyAsync(() -> extracting.of(document, "endless.pdf", patient));
    await().atMost(PATIENCE).until(() -> EndlessMain.isBusy(extracting.processes));
    return ending;
  }

  private static void kill(long pid) {
    ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
    process.destroyForcibly();
    await().atMost(PATIENCE).until(() -> !process.isAlive());
  }
}

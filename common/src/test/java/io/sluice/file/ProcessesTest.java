package io.sluice.file;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Processes that append: killed in the middle of it, and several at once. */
class ProcessesTest {
  private static final String FILE_BYTES = "20000";
  private static final String FOREVER = "1000000";

  @Test
  void a_log_is_whole_after_kills_in_the_middle_of_its_writing()
      throws IOException, InterruptedException {
    try (TemporaryAudit data = TemporaryAudit.make()) {
      Set<Integer> confirmed = new HashSet<>();
      for (int kills = 0; kills < 3; kills++) {
        confirmed.addAll(untilKilled(data, kills * 10_000_000, 150));
      }
      try (FileAudit audit = data.open()) {
        await(audit.append(TemporaryAudit.event(-1)));
        Verdict verdict = data.verify();
        assertThat(verdict.flaw()).isEmpty();
        assertThat(verdict.entries()).isGreaterThan(confirmed.size());
        assertThat(numbers(data)).containsAll(confirmed);
      }
    }
  }

  @Test
  void several_processes_make_one_chain_and_no_entry_is_lost()
      throws IOException, InterruptedException {
    try (TemporaryAudit data = TemporaryAudit.make()) {
      List<Process> processes =
          List.of(
              start(data.data(), "0", "40"),
              start(data.data(), "1000", "40"),
              start(data.data(), "2000", "40"));
      for (Process process : processes) {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
      }
      Verdict verdict = data.verify();
      assertThat(verdict.flaw()).isEmpty();
      assertThat(verdict.notes()).isEmpty();
      assertThat(verdict.entries()).isEqualTo(3 * 4 * 40);
      assertThat(numbers(data)).hasSize(3 * 4 * 40);
      assertThat(data.files()).hasSizeGreaterThan(3);
    }
  }

  private static Set<Integer> numbers(TemporaryAudit data) {
    Set<Integer> numbers = new HashSet<>();
    data.files().stream()
        .flatMap(file -> TemporaryAudit.lines(file).stream())
        .forEach(line -> number(line).ifPresent(numbers::add));
    return numbers;
  }

  private static Optional<Integer> number(String line) {
    String mark = "\"details\":{\"number\":\"";
    int at = line.indexOf(mark);
    return at < 0
        ? Optional.empty()
        : Optional.of(
            Integer.parseInt(
                line.substring(at + mark.length(), line.indexOf('"', at + mark.length()))));
  }

  private static Set<Integer> untilKilled(TemporaryAudit data, int first, int lines)
      throws IOException, InterruptedException {
    Set<Integer> confirmed = new HashSet<>();
    Process process = start(data.data(), String.valueOf(first), FOREVER);
    try (BufferedReader output = process.inputReader()) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (line.matches("done [0-9]+")) {
          confirmed.add(Integer.parseInt(line.substring("done ".length())));
        }
        if (confirmed.size() == lines) {
          // By its handle, since that leaves its output readable.
          process.toHandle().destroyForcibly();
        }
      }
      assertThat(confirmed).hasSizeGreaterThanOrEqualTo(lines);
      return confirmed;
    } finally {
      process.destroyForcibly();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static Process start(Path data, String first, String count) throws IOException {
    String classes =
        Optional.ofNullable(System.getProperty("surefire.test.class.path"))
            .orElse(System.getProperty("java.class.path"));
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            classes,
            AppendingProcess.class.getName(),
            data.toString(),
            FILE_BYTES,
            first,
            count)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}

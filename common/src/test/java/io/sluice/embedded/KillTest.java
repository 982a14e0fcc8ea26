package io.sluice.embedded;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Admission;
import io.sluice.Delivery;
import io.sluice.JobClass;
import io.sluice.JobId;
import io.sluice.JobRecord;
import io.sluice.JobState;
import io.sluice.JobStore;
import io.sluice.Jobs;
import io.sluice.Lane;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class KillTest {
  private static final Lane LANE = new Lane.Ready(Jobs.POOL, JobClass.INTERACTIVE, 0);

  @Test
  void what_was_confirmed_survives_a_kill_and_what_was_held_comes_back_at_once()
      throws IOException, InterruptedException {
    try (TemporaryData data = TemporaryData.make()) {
      Map<String, Set<JobId>> confirmed = new HashMap<>();
      for (int kills = 0; kills < 3; kills++) {
        workUntilKilled(data, confirmed);
        // What was held by the process before may have been finished by this one.
        confirmed.get("held").removeAll(confirmed.get("done"));
      }

      try (Embedded embedded =
          data.open(Admission.Bounds.DEFAULT, List.of(Jobs.POOL), InstantSource.system())) {
        assertAllThere(embedded, confirmed);
      }
    }
  }

  /** Kills it in the middle of its work; by its handle, since that leaves its output readable. */
  private static void workUntilKilled(TemporaryData data, Map<String, Set<JobId>> confirmed)
      throws IOException, InterruptedException {
    Process process = start(data.path());
    try (BufferedReader output = process.inputReader()) {
      int lines = 0;
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (line.matches("[a-z]+ job_[0-9a-f]{32}")) {
          String[] words = line.split(" ");
          confirmed.computeIfAbsent(words[0], word -> new HashSet<>()).add(new JobId(words[1]));
        }
        if (++lines == 300) {
          process.toHandle().destroyForcibly();
        }
      }
      assertThat(lines).isGreaterThanOrEqualTo(300);
    } finally {
      process.destroyForcibly();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static Process start(Path data) throws IOException {
    String classes =
        Optional.ofNullable(System.getProperty("surefire.test.class.path"))
            .orElse(System.getProperty("java.class.path"));
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            classes,
            KilledProcess.class.getName(),
            data.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static void assertAllThere(Embedded embedded, Map<String, Set<JobId>> confirmed) {
    Set<JobId> done = confirmed.get("done");
    assertThat(done).isNotEmpty();
    for (JobId id : confirmed.get("accepted")) {
      JobStore.Lookup lookup = await(embedded.store().find(id));
      assertThat(lookup).isInstanceOf(JobStore.Lookup.Found.class);
      JobRecord record = ((JobStore.Lookup.Found) lookup).record();
      assertThat(record.published()).isTrue();
      if (confirmed.get("finished").contains(id)) {
        assertThat(record.state()).isEqualTo(JobState.COMPLETED);
      }
    }
    Map<JobId, Delivery> delivered = new HashMap<>();
    for (Optional<Delivery> next = await(embedded.queue().pull(LANE));
        next.isPresent();
        next = await(embedded.queue().pull(LANE))) {
      assertThat(delivered.put(next.get().message().job().id(), next.get())).isNull();
    }
    Set<JobId> expected = new HashSet<>(confirmed.get("accepted"));
    expected.removeAll(done);
    // The last done of a process may have been committed without having been printed.
    Set<JobId> missing = new HashSet<>(expected);
    missing.removeAll(delivered.keySet());
    assertThat(confirmed.get("finished")).containsAll(missing);
    assertThat(delivered.keySet()).doesNotContainAnyElementsOf(done);
    confirmed.get("held").stream()
        .filter(delivered::containsKey)
        .forEach(id -> assertThat(delivered.get(id).redelivered()).isTrue());
    assertThat(confirmed.get("held")).anyMatch(delivered::containsKey);
  }
}

package io.sluice.file;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.AuditEvent;
import io.sluice.AuditLog;
import io.sluice.AuditLogContract;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Writes, checks and searches a log. Prints the rates and judges nothing but that each entry was
 * there; {@code -Dsluice.entries=1000000} for a measurement.
 */
class AuditThroughputTest {
  private static final int AT_ONCE = 1_000;

  private final int entries = Integer.getInteger("sluice.entries", 5_000);

  @Test
  void entries_are_written_in_groups_and_read_in_one_pass() {
    try (TemporaryAudit data = TemporaryAudit.make()) {
      timed("written", () -> write(data));
      timed("verified", () -> assertThat(data.verify().entries()).isEqualTo(entries));
      AuditReader reader = new AuditReader(data.config());
      timed("searched for the oldest", () -> assertThat(find(reader, "job_0")).hasSize(1));
      timed(
          "searched for the newest",
          () -> assertThat(find(reader, "job_" + (entries - 1))).hasSize(1));
    }
  }

  private void write(TemporaryAudit data) {
    try (FileAudit audit = data.open()) {
      List<Future<Void>> asked = new ArrayList<>(AT_ONCE);
      for (int n = 0; n < entries; n++) {
        asked.add(audit.append(TemporaryAudit.event(n)));
        if (asked.size() == AT_ONCE) {
          asked.forEach(one -> await(one));
          asked.clear();
        }
      }
      asked.forEach(one -> await(one));
    }
  }

  private static List<AuditEvent> find(AuditReader reader, String target) {
    AuditLog.Query all = AuditLogContract.everything();
    AuditLog.Query one =
        new AuditLog.Query(
            all.tenant(),
            all.principal(),
            all.address(),
            Optional.of(target),
            all.action(),
            all.outcome(),
            all.since(),
            all.until(),
            1);
    return reader.search(one, Duration.ofMinutes(2));
  }

  private void timed(String what, Runnable work) {
    long from = System.nanoTime();
    work.run();
    double seconds = (System.nanoTime() - from) / 1e9;
    System.out.printf(
        "%,d entries %s in %.1f s: %,.0f /s%n", entries, what, seconds, entries / seconds);
  }
}

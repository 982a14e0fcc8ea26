package io.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.Captured;
import io.sluice.enginesim.EngineSim;
import io.sluice.testservers.RedisServer;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The promises of DESIGN section 10, while the parts are killed. Asserts invariants, not traces:
 * nothing lost, nothing doubled, every slot kept.
 */
class ClusterIT {
  private static final int JOBS = 200;

  /** Makes a simulated answer take half a minute. */
  private static final String SLOW = "[[sim:delay=750]] ";

  private static final Duration PER_TOKEN = Duration.ofMillis(25);

  @TempDir Path folder;

  private final Queue<JobReader> readers = new ConcurrentLinkedQueue<>();
  private final AtomicInteger ended = new AtomicInteger();
  private final Instant deadline = Instant.now().plus(Duration.ofMinutes(6));

  @Test
  void every_accepted_job_ends_once_whatever_is_killed_in_turn() throws Exception {
    try (Cluster cluster = new Cluster(folder, 2, PER_TOKEN);
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = submitAndRead(cluster, clients, JOBS, 8, "");

      awaitEnded(20);
      cluster.workers.get(0).kill9();
      cluster.workers.get(0).start();
      awaitAccepted(60);
      cluster.gateway.kill9();
      cluster.gateway.start();
      awaitEnded(70);
      cluster.redis.kill9();
      cluster.redis.restart();
      awaitEnded(100);
      cluster.rabbit.kill9();
      cluster.rabbit.restart();
      awaitEnded(130);
      cluster.workers.get(1).kill9();
      cluster.gateway.kill9();
      cluster.gateway.start();
      cluster.workers.get(1).start();

      finish(running);
      assertThat(readers).hasSize(JOBS);
      assertThat(readers.stream().mapToInt(JobReader::resets).sum())
          .as("attempts that were begun anew, since workers died")
          .isPositive();
      assertPromisesKept(cluster);
    }
  }

  @Test
  void after_redis_lost_everything_every_job_still_ends_and_no_reader_is_told_404()
      throws Exception {
    try (Cluster cluster = new Cluster(folder, 1, Duration.ofMillis(8));
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running =
          new ArrayList<>(submitAndRead(cluster, clients, Cluster.SLOTS, 1, SLOW));
      awaitRunning(cluster.engines.getFirst());
      running.addAll(submitAndRead(cluster, clients, JOBS, 16, ""));
      awaitAccepted(Cluster.SLOTS + JOBS);
      assertThat(ended).as("jobs that ended before the loss").hasValue(0);

      wipe(cluster.redis);

      finish(running);
      assertThat(readers).hasSize(JOBS + Cluster.SLOTS);
      assertThat(readers.stream().filter(reader -> reader.resets() > 0))
          .as("the running jobs began anew under another fence")
          .hasSizeGreaterThanOrEqualTo(Cluster.SLOTS);
      assertPromisesKept(cluster);
    }
  }

  @Test
  void what_a_dead_worker_held_is_found_although_nobody_offers_it() throws Exception {
    try (Cluster cluster = new Cluster(folder, 1, PER_TOKEN);
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = submitAndRead(cluster, clients, Cluster.SLOTS, 1, SLOW);
      awaitRunning(cluster.engines.getFirst());
      awaitAccepted(Cluster.SLOTS);
      cluster.workers.getFirst().kill9();
      forgetLanes(cluster.redis);
      cluster.workers.getFirst().start();

      finish(running);
      assertPromisesKept(cluster);
    }
  }

  /** As after hours in which nothing else waited: no lane is known to hold anything. */
  private static void forgetLanes(RedisServer redis) throws IOException {
    String script =
        "for _, key in ipairs(redis.call('KEYS', 'sluice:lanes:*')) do redis.call('DEL', key) end";
    assertThat(command(redis, "EVAL", script, "0")).isEqualTo("$-1");
  }

  /** Jobs go in from so many clients at a time; each is read to its end by a reader of its own. */
  private List<Future<?>> submitAndRead(
      Cluster cluster, ExecutorService clients, int jobs, int submitters, String marker) {
    Submitter submitter = new Submitter(cluster.http, cluster.url, cluster.key);
    List<Future<?>> running = new ArrayList<>();
    for (int s = 0; s < submitters; s++) {
      int first = s;
      running.add(
          clients.submit(
              () -> {
                for (int n = first; n < jobs; n += submitters) {
                  String id = submitter.submit(marker + "job number " + n, deadline);
                  running(cluster, clients, id);
                }
                return null;
              }));
    }
    return running;
  }

  private void running(Cluster cluster, ExecutorService clients, String id) {
    JobReader reader = new JobReader(cluster.http, () -> cluster.url, cluster.key, id);
    readers.add(reader);
    clients.submit(
        () -> {
          reader.readToTheEnd(deadline);
          ended.incrementAndGet();
        });
  }

  private void awaitRunning(EngineSim engine) {
    Awaitility.await("every slot taken")
        .atMost(Duration.between(Instant.now(), deadline))
        .until(() -> engine.stats().running() == Cluster.SLOTS);
  }

  private void awaitAccepted(int jobs) {
    Awaitility.await(jobs + " accepted")
        .atMost(Duration.between(Instant.now(), deadline))
        .until(() -> readers.size() >= jobs);
  }

  private void awaitEnded(int jobs) {
    Awaitility.await(jobs + " ended")
        .atMost(Duration.between(Instant.now(), deadline))
        .until(() -> ended.get() >= jobs);
  }

  private void finish(List<Future<?>> submitting) throws Exception {
    for (Future<?> submitter : submitting) {
      submitter.get(6, TimeUnit.MINUTES);
    }
    awaitEnded(readers.size());
  }

  private void assertPromisesKept(Cluster cluster) throws InterruptedException {
    List<String> broken = new ArrayList<>();
    for (JobReader reader : readers) {
      broken.addAll(reader.verdict());
      assertThat(reader.ends()).as("ends of " + reader.id()).isEqualTo(1);
      String state = reader.job(deadline).path("state").asText();
      assertThat(state).as("state of " + reader.id()).isEqualTo("completed");
      assertThat(reader.end().orElseThrow().path("state").asText()).isEqualTo(state);
    }
    assertThat(broken).isEmpty();
    assertThat(new HashSet<>(readers.stream().map(JobReader::id).toList()))
        .as("one job for each submission")
        .hasSize(readers.size());
    for (EngineSim engine : cluster.engines) {
      assertThat(engine.stats().openMax())
          .as("requests at one engine at a time")
          .isLessThanOrEqualTo(Cluster.SLOTS);
    }
    Captured log =
        Captured.run(
            Map.of("SLUICE_AUDIT_DIR", SluiceProcess.audit(folder).toString()), "audit", "verify");
    assertThat(log.exit()).as(log.out() + log.err()).isZero();
  }

  private static void wipe(RedisServer redis) throws IOException {
    assertThat(command(redis, "FLUSHALL")).isEqualTo("+OK");
  }

  /** The first three characters of the answer. */
  static String command(RedisServer redis, String... words) throws IOException {
    StringBuilder text = new StringBuilder("*" + words.length + "\r\n");
    for (String word : words) {
      text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    try (Socket socket = new Socket("127.0.0.1", redis.port())) {
      socket.setSoTimeout(5_000);
      socket.getOutputStream().write(text.toString().getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readNBytes(3), StandardCharsets.US_ASCII);
    }
  }
}

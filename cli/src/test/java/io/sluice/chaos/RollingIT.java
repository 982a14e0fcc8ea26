package io.sluice.chaos;

import static com.rabbitmq.client.MessageProperties.PERSISTENT_BASIC;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import io.sluice.Admission;
import io.sluice.Await;
import io.sluice.JobClass;
import io.sluice.JobId;
import io.sluice.JobRecord;
import io.sluice.JobStore.Lookup;
import io.sluice.Lane;
import io.sluice.Pool;
import io.sluice.Step;
import io.sluice.cli.Captured;
import io.sluice.codec.Json;
import io.sluice.enginesim.EngineSim;
import io.sluice.redis.Redis;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A rolling deploy under load: every process is replaced while jobs run, and each job ends once,
 * with the whole text of one attempt, and nothing that it is charged for.
 */
class RollingIT {
  private static final Logger LOG = LoggerFactory.getLogger(RollingIT.class);
  private static final int JOBS = 320;

  private static final int MIXED_JOBS = 120;
  private static final Pool POOL = Pool.parse(Cluster.MODEL);
  private static final Lane RETRY = new Lane.Retry(POOL, JobClass.INTERACTIVE);

  /** Half of the records lose what the first ones did not have, the others get what none has. */
  private static final String ALTER_RECORDS =
      """
      local n = 0
      for _, key in ipairs(redis.call('KEYS', 'sluice:job:*')) do
        n = n + 1
        if n % 2 == 0 then
          redis.call('HSET', key, 'colour', 'blue')
          redis.call('HSET', key, 'job', (string.gsub(redis.call('HGET', key, 'job'), '^{', '{"colour":{"deep":[1]},')))
        else
          redis.call('HDEL', key, 'told', 'steps', 'came', 'cost', 'ahead', 'admitted', 'replayed')
        end
      end
      return n""";

  /** A simulated answer that takes 8 s, longer than a worker has to drain. */
  private static final String SLOW = "[[sim:delay=200]] ";

  private static final int SLOW_EVERY = 10;

  /** The time to drain, to give back, and to end, on a machine with a lot to do. */
  private static final Duration ENDS_WITHIN = Duration.ofSeconds(60);

  @TempDir Path folder;

  private final Instant deadline = Instant.now().plus(Duration.ofMinutes(6));
  private final Queue<JobReader> readers = new ConcurrentLinkedQueue<>();
  private final AtomicInteger ended = new AtomicInteger();

  @Test
  void every_process_is_replaced_in_turn_and_no_job_is_lost_doubled_or_charged() throws Exception {
    Cluster.Node node =
        new Cluster.Node(
            Cluster.MODEL, Cluster.simulated(Duration.ofMillis(25)), List.of("--drain", "400ms"));
    try (Cluster cluster = new Cluster(folder, Collections.nCopies(2, node));
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> submitting = clients.submit(() -> submitAll(cluster, clients, JOBS));

      awaitEnded(20);
      replace(cluster.workers.get(0));
      awaitEnded(60);
      replace(cluster.workers.get(1));
      awaitEnded(100);
      replace(cluster.gateway);
      awaitEnded(130);
      drainAndResume(cluster);
      awaitEnded(170);
      replace(cluster.workers.get(1));
      awaitEnded(200);
      replace(cluster.workers.get(0));

      submitting.get(5, TimeUnit.MINUTES);
      awaitEnded(JOBS);
      assertPromisesKept(cluster, JOBS);
      assertThat(givenBack(cluster)).as("jobs that were given back").isPositive();
    }
  }

  @Test
  void what_older_and_newer_programs_left_is_run_beside_what_this_one_did() throws Exception {
    try (Cluster cluster = new Cluster(folder, 1, Duration.ofMillis(5));
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(cluster.workers.getFirst().terminate(ENDS_WITHIN)).isZero();
      submitAll(cluster, clients, MIXED_JOBS);
      int altered = alterMessages(cluster);
      assertThat(altered).as("messages of a newer program").isEqualTo(MIXED_JOBS / 2);
      assertThat(ClusterIT.command(cluster.redis, "EVAL", ALTER_RECORDS, "0"))
          .isEqualTo(":" + MIXED_JOBS / 10);
      cluster.workers.getFirst().start();

      awaitEnded(MIXED_JOBS);
      assertPromisesKept(cluster, MIXED_JOBS);
      assertThat(givenBack(cluster)).isZero();
      Awaitility.await("the message that only a newer program reads, waiting for it")
          .atMost(Duration.ofSeconds(90))
          .untilAsserted(
              () -> assertThat(unread(cluster)).startsWith(" dead=0").endsWith("delay/60s=1"));
    }
  }

  /**
   * Half of the waiting messages get fields that this program does not know, as a newer gateway
   * would send them; one more is of a form that it does not know at all.
   */
  private static int alterMessages(Cluster cluster) throws Exception {
    int altered = 0;
    try (Connection connection = connect(cluster);
        Channel channel = connection.createChannel()) {
      channel.confirmSelect();
      for (Lane lane : Lane.of(POOL)) {
        String queue = "sluice/" + lane.label();
        for (long left = channel.messageCount(queue); left > 0; left--) {
          GetResponse got = channel.basicGet(queue, false);
          ObjectNode message =
              (ObjectNode) Json.parse(new String(got.getBody(), StandardCharsets.UTF_8));
          if (left % 2 == 0) {
            altered++;
            message.put("colour", "blue").withObject("/job").putObject("taste").put("sweet", true);
          }
          byte[] body = Json.write(message).getBytes(StandardCharsets.UTF_8);
          channel.basicPublish("", queue, true, got.getProps(), body);
          channel.basicAck(got.getEnvelope().getDeliveryTag(), false);
        }
      }
      byte[] newer = "{\"v\":3,\"songs\":[]}".getBytes(StandardCharsets.UTF_8);
      channel.basicPublish("", "sluice/" + RETRY.label(), true, PERSISTENT_BASIC, newer);
      channel.waitForConfirmsOrDie(10_000);
    }
    return altered;
  }

  /** What waits in the lanes where it could be. */
  private static String unread(Cluster cluster) throws Exception {
    try (Connection connection = connect(cluster);
        Channel channel = connection.createChannel()) {
      StringBuilder counts = new StringBuilder();
      for (Lane lane : List.of(Lane.Aside.DEAD, RETRY, Lane.Delay.ONE_MINUTE)) {
        long count = channel.messageCount("sluice/" + lane.label());
        counts.append(' ').append(lane.label()).append('=').append(count);
      }
      return counts.toString();
    }
  }

  private static Connection connect(Cluster cluster) throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(cluster.rabbit.uri());
    return factory.newConnection("test");
  }

  private Void submitAll(Cluster cluster, ExecutorService clients, int count) throws Exception {
    List<JsonNode> jobs =
        IntStream.range(0, count)
            .<JsonNode>mapToObj(n -> job((n % SLOW_EVERY == 0 ? SLOW : "") + "job number " + n))
            .toList();
    Submitter submitter = new Submitter(cluster.http, cluster.url, cluster.key);
    for (JsonNode job : jobs) {
      String id = submitter.submit(job, deadline);
      JobReader reader = new JobReader(cluster.http, () -> cluster.url, cluster.key, id);
      readers.add(reader);
      clients.submit(
          () -> {
            reader.readToTheEnd(deadline);
            ended.incrementAndGet();
          });
    }
    return null;
  }

  private static JsonNode job(String prompt) {
    return Json.object().put("model", Cluster.MODEL).put("kind", "generate").put("prompt", prompt);
  }

  /** As an orchestrator does: SIGTERM, and another process when it has ended. */
  private static void replace(SluiceProcess process) {
    long begun = System.nanoTime();
    assertThat(process.terminate(ENDS_WITHIN)).isZero();
    LOG.info("{} ended after {} ms", process.log(), (System.nanoTime() - begun) / 1_000_000);
    process.start();
  }

  /** As an operator does before work on an engine. */
  private void drainAndResume(Cluster cluster) {
    Map<String, String> operator =
        Map.of("SLUICE_URL", cluster.url.toString(), "SLUICE_API_KEY", cluster.key);
    List<JsonNode> workers = new ArrayList<>();
    Awaitility.await("both workers known to the gateway")
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              Captured shown = Captured.run(operator, "workers", "--json");
              workers.clear();
              Json.parse(shown.out()).forEach(workers::add);
              return workers.size() == 2;
            });
    String id = workers.getFirst().path("id").asText();
    int port = engineOf(cluster, workers.getFirst());
    Captured drained = Captured.run(operator, "drain", id, "--within", "1s", "--wait");
    assertThat(drained.exit()).as(drained.out() + drained.err()).isZero();
    assertThat(cluster.engines.get(port).stats().running()).as("jobs at its engine").isZero();
    Captured resumed = Captured.run(operator, "resume", id);
    assertThat(resumed.exit()).as(resumed.out() + resumed.err()).isZero();
    Awaitility.await("the worker to serve again")
        .atMost(Duration.ofSeconds(60))
        .until(() -> cluster.engines.get(port).stats().running() > 0);
  }

  /** Which of the engines is this worker's. */
  private static int engineOf(Cluster cluster, JsonNode worker) {
    String name = worker.path("engines").path(0).path("name").asText();
    return IntStream.range(0, cluster.engines.size())
        .filter(n -> name.endsWith(":" + cluster.engines.get(n).uri().getPort()))
        .findFirst()
        .orElseThrow();
  }

  private void awaitEnded(int jobs) {
    Awaitility.await(jobs + " ended")
        .atMost(Duration.between(Instant.now(), deadline))
        .until(() -> ended.get() >= jobs);
  }

  private void assertPromisesKept(Cluster cluster, int jobs) throws InterruptedException {
    assertThat(readers.stream().map(JobReader::id).distinct()).hasSize(jobs);
    for (JobReader reader : readers) {
      assertThat(reader.verdict()).isEmpty();
      assertThat(reader.ends()).as("ends of " + reader.id()).isEqualTo(1);
      assertThat(reader.job(deadline).path("state").asText()).isEqualTo("completed");
    }
    for (EngineSim engine : cluster.engines) {
      assertThat(engine.stats().openMax()).isLessThanOrEqualTo(Cluster.SLOTS);
    }
  }

  /** How many there were; that is in their histories, and nothing is charged for it. */
  private int givenBack(Cluster cluster) {
    Redis redis = Redis.connect(cluster.redis.uri(), Admission.Bounds.DEFAULT);
    try {
      int givenBack = 0;
      for (JobReader reader : readers) {
        JobId id = new JobId(reader.id());
        JobRecord record = ((Lookup.Found) Await.await(redis.store().find(id))).record();
        assertThat(record.failures()).as("failures of " + id).isZero();
        assertThat(record.losses()).as("losses of " + id).isZero();
        List<Step> steps = Await.await(redis.history().steps(id, Optional.empty()));
        List<String> reasons = reasons(steps);
        assertThat(reasons)
            .as("why " + id + " was not done at once")
            .allMatch("worker_draining"::equals);
        assertThat(reader.resets()).as("resets of " + id).isEqualTo(reasons.size());
        givenBack += reasons.size();
      }
      LOG.info("{} of {} jobs were given back", givenBack, readers.size());
      return givenBack;
    } finally {
      redis.close();
    }
  }

  private static List<String> reasons(List<Step> steps) {
    return steps.stream().flatMap(step -> reason(step).stream()).toList();
  }

  private static Optional<String> reason(Step step) {
    if (step instanceof Step.Failed failed) {
      return Optional.of(failed.code());
    }
    return step instanceof Step.LeaseLost ? Optional.of("lease_lost") : Optional.empty();
  }
}

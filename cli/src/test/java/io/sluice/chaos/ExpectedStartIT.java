package io.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.codec.Json;
import io.sluice.enginesim.SimConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a client is told of its wait when its job is accepted, held against when the job starts:
 * 2,000 jobs at 1.1 of what sixteen slots get done, at random moments, with outputs that are
 * log-normal with a variance of 1.5 times the square of their mean.
 *
 * <p>Judged are the jobs that were told to wait: whose median start is more than {@link #AT_ONCE}
 * away. Times are those that clients see, {@code expected_start} of the answer with status 202 and
 * {@code started_at} of the ended job.
 */
class ExpectedStartIT {
  private static final Logger LOG = LoggerFactory.getLogger(ExpectedStartIT.class);
  private static final long SEED = 20_261_130;
  private static final int JOBS = 2_000;
  private static final int WORKERS = 2;
  private static final int SLOTS = 8;
  private static final double LOAD = 1.1;
  private static final double VARIATION = 1.5;
  private static final int MEAN_TOKENS = 15;
  private static final Duration PER_TOKEN = Duration.ofMillis(100);

  /** Run before, unjudged: what a new process does in its first seconds is not the subject. */
  private static final int WARM = 160;

  /** What a job takes besides its tokens: the way to the worker and back to its slot. */
  private static final Duration PER_JOB = Duration.ofMillis(20);

  private static final Duration AT_ONCE = Duration.ofSeconds(1);

  @TempDir Path folder;

  private final Random random = new Random(SEED);
  private final Instant deadline = Instant.now().plus(Duration.ofMinutes(8));

  /** A job that comes at a moment after the beginning. */
  private record Arrival(Duration at, int tokens) {}

  /** What was told of a job, and what came of it. */
  private record Told(String id, Instant at, Instant half, Instant most) {
    boolean toWait() {
      return half.isAfter(at.plus(AT_ONCE));
    }
  }

  /** The same, of a job that has started. */
  private record Outcome(Told told, Instant started) {
    boolean inHalf() {
      return !started.isAfter(told.half());
    }

    boolean inMost() {
      return !started.isAfter(told.most());
    }
  }

  @Test
  void nine_of_ten_jobs_that_are_told_to_wait_start_by_the_time_that_they_were_told()
      throws Exception {
    SimConfig engine =
        SimConfig.DEFAULT.slots(SLOTS).timing(SimConfig.Timing.NONE.perToken(PER_TOKEN));
    Cluster.Node node = new Cluster.Node(Cluster.MODEL, engine);
    try (Cluster cluster = new Cluster(folder, List.of(node, node))) {
      warm(cluster);
      List<Told> told = submit(cluster);
      Map<String, JsonNode> jobs = awaitEnded(cluster, WARM + JOBS);
      List<Outcome> waited =
          told.stream()
              .filter(Told::toWait)
              .map(
                  one ->
                      new Outcome(
                          one, Instant.parse(jobs.get(one.id()).path("started_at").asText())))
              .toList();
      double most = percent(waited, Outcome::inMost);
      LOG.info(
          "of {} jobs {} were told, {} of them to wait: by p90 {} %, by p50 {} %; mean wait {} s",
          JOBS,
          told.size(),
          waited.size(),
          "%.1f".formatted(most),
          "%.1f".formatted(percent(waited, Outcome::inHalf)),
          "%.1f".formatted(meanWait(waited)));
      assertThat(waited).as("jobs that were told to wait").hasSizeGreaterThan(JOBS / 2);
      assertThat(most).as("percent of starts by p90").isBetween(85.0, 97.0);
    }
  }

  private void warm(Cluster cluster) throws Exception {
    List<JsonNode> jobs =
        IntStream.range(0, WARM).<JsonNode>mapToObj(n -> body("warm " + n, tokens())).toList();
    new Submitter(cluster.http, cluster.url, cluster.key).submitAll(jobs, 16, deadline);
    awaitEnded(cluster, WARM);
  }

  private Map<String, JsonNode> awaitEnded(Cluster cluster, int jobs) throws Exception {
    JobList list = new JobList(cluster.http, cluster.url, cluster.key);
    Awaitility.await("every job to end")
        .atMost(Duration.between(Instant.now(), deadline))
        .pollInterval(Duration.ofSeconds(2))
        .until(list::allEnded);
    Map<String, JsonNode> ended = list.all();
    assertThat(ended).hasSize(jobs);
    return ended;
  }

  /** In percent. */
  private static double percent(List<Outcome> of, Predicate<Outcome> which) {
    return 100.0 * of.stream().filter(which).count() / of.size();
  }

  private static double meanWait(List<Outcome> of) {
    return of.stream()
            .mapToLong(one -> Duration.between(one.told().at(), one.started()).toMillis())
            .average()
            .orElse(0)
        / 1000;
  }

  private List<Arrival> arrivals() {
    double service = PER_JOB.plus(PER_TOKEN.multipliedBy(MEAN_TOKENS)).toMillis();
    double between = service / (WORKERS * SLOTS * LOAD);
    List<Arrival> arrivals = new ArrayList<>();
    double at = 0;
    for (int n = 0; n < JOBS; n++) {
      at -= Math.log(1 - random.nextDouble()) * between;
      arrivals.add(new Arrival(Duration.ofMillis((long) at), tokens()));
    }
    return arrivals;
  }

  private int tokens() {
    double sigma = Math.sqrt(Math.log(1 + VARIATION));
    double drawn = MEAN_TOKENS * Math.exp(sigma * random.nextGaussian() - sigma * sigma / 2);
    return (int) Math.max(1, Math.round(drawn));
  }

  /**
   * At their moments, whatever became of those before. Those of which nothing was known are left
   * out.
   */
  private List<Told> submit(Cluster cluster) throws Exception {
    Submitter submitter = new Submitter(cluster.http, cluster.url, cluster.key);
    List<Future<JsonNode>> answers = new ArrayList<>();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      long begin = System.nanoTime();
      for (Arrival arrival : arrivals()) {
        long wait = begin + arrival.at().toNanos() - System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(wait);
        int n = answers.size();
        answers.add(
            clients.submit(
                () -> submitter.accepted(body("number " + n, arrival.tokens()), deadline)));
      }
    }
    List<Told> told = new ArrayList<>();
    for (Future<JsonNode> answer : answers) {
      JsonNode job = answer.get();
      JsonNode expected = job.at("/queue/expected_start");
      if (expected.hasNonNull("p90")) {
        told.add(
            new Told(
                job.path("id").asText(),
                Instant.parse(job.path("created_at").asText()),
                Instant.parse(expected.path("p50").asText()),
                Instant.parse(expected.path("p90").asText())));
      }
    }
    return told;
  }

  private static JsonNode body(String text, int tokens) {
    return Json.object()
        .put("model", Cluster.MODEL)
        .put("kind", "generate")
        .put("prompt", "[[sim:tokens=%d]] %s".formatted(tokens, text));
  }
}

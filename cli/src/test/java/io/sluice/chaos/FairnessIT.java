package io.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.codec.Json;
import io.sluice.enginesim.EngineSim;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two tenants of the same weight at one pool: whoever sends 600 jobs does not make another, who
 * sends 20 after them, wait for more than its share.
 *
 * <p>The engines are held until all 620 jobs are in, so that no speed of a machine decides what
 * waits when the second tenant comes: eight jobs of the first one run then, and 592 wait before it.
 * Starts are counted from the first of all, those eight included, in the order of {@code
 * started_at}; where two are of one millisecond the second tenant's counts as the later one. Turn
 * and turn about, its last job is about the 48th start. In one run eight jobs of somebody else ran
 * before, which are not counted, so that the workers know what a job costs; in the other nobody has
 * seen a job end.
 */
class FairnessIT {
  private static final Logger LOG = LoggerFactory.getLogger(FairnessIT.class);
  private static final int WORKERS = 2;
  private static final int FIRST_JOBS = 600;
  private static final int SECOND_JOBS = 20;
  private static final int AMONG_THE_FIRST = 60;
  private static final int CLIENTS = 16;

  @TempDir Path folder;

  private final Instant deadline = Instant.now().plus(Duration.ofMinutes(5));

  @Test
  void twenty_jobs_behind_six_hundred_of_another_tenant_start_among_the_first_sixty()
      throws Exception {
    try (Cluster cluster = new Cluster(folder, WORKERS, Duration.ofMillis(2))) {
      warm(cluster);
      twentyStartAmongTheFirstSixty(cluster);
    }
  }

  @Test
  void so_do_they_where_no_worker_has_seen_a_job_end() throws Exception {
    try (Cluster cluster = new Cluster(folder, WORKERS, Duration.ofMillis(2))) {
      twentyStartAmongTheFirstSixty(cluster);
    }
  }

  private void twentyStartAmongTheFirstSixty(Cluster cluster) throws Exception {
    String second = cluster.createKey("second");
    cluster.engines.forEach(EngineSim::hold);
    submit(cluster, cluster.key, "first", FIRST_JOBS);
    awaitBusy(cluster);
    submit(cluster, second, "second", SECOND_JOBS);
    assertThat(asked(cluster)).as("jobs that started before all were in").isEqualTo(slots());
    cluster.engines.forEach(EngineSim::release);

    List<Instant> all = new ArrayList<>(starts(cluster, cluster.key, FIRST_JOBS));
    List<Instant> own = starts(cluster, second, SECOND_JOBS);
    all.addAll(own);
    List<Long> places = own.stream().map(start -> place(all, start)).sorted().toList();
    LOG.info("the second tenant's jobs were the starts number {}", places);
    assertThat(places.getLast())
        .as("the place of the second tenant's last start, of %s", places)
        .isLessThanOrEqualTo(AMONG_THE_FIRST);
    // It has its share and no more: the first tenant's turns are between.
    assertThat(places.getLast()).isGreaterThanOrEqualTo(slots() + SECOND_JOBS * 3 / 2);
  }

  /** Each worker has seen a job end. */
  private void warm(Cluster cluster) throws Exception {
    String earlier = cluster.createKey("earlier");
    cluster.engines.forEach(EngineSim::hold);
    submit(cluster, earlier, "earlier", slots());
    awaitBusy(cluster);
    cluster.engines.forEach(EngineSim::release);
    starts(cluster, earlier, slots());
  }

  private static int slots() {
    return WORKERS * Cluster.SLOTS;
  }

  private void submit(Cluster cluster, String key, String tenant, int jobs) throws Exception {
    List<JsonNode> bodies =
        IntStream.range(0, jobs)
            .<JsonNode>mapToObj(
                n ->
                    Json.object()
                        .put("model", Cluster.MODEL)
                        .put("kind", "generate")
                        .put("prompt", tenant + " number " + n))
            .toList();
    new Submitter(cluster.http, cluster.url, key).submitAll(bodies, CLIENTS, deadline);
  }

  private void awaitBusy(Cluster cluster) {
    Awaitility.await("every slot to be taken")
        .atMost(Duration.ofSeconds(60))
        .until(() -> asked(cluster) == slots());
  }

  private static long asked(Cluster cluster) {
    return cluster.engines.stream().mapToInt(engine -> engine.stats().open()).sum();
  }

  /** When the jobs of a tenant started, once all have ended as they should. */
  private List<Instant> starts(Cluster cluster, String key, int jobs) throws Exception {
    JobList list = new JobList(cluster.http, cluster.url, key);
    Awaitility.await("every job to end")
        .atMost(Duration.between(Instant.now(), deadline))
        .pollInterval(Duration.ofSeconds(1))
        .until(list::allEnded);
    Collection<JsonNode> ended = list.all().values();
    assertThat(ended).hasSize(jobs);
    assertThat(ended)
        .allSatisfy(
            job -> {
              assertThat(job.path("state").asText()).as("%s", job).isEqualTo("completed");
              assertThat(job.path("attempt").asInt()).as("%s", job).isOne();
            });
    return ended.stream().map(job -> Instant.parse(job.path("started_at").asText())).toList();
  }

  /** How many started no later than this one, itself included. */
  private static long place(Collection<Instant> all, Instant start) {
    Stream<Instant> before = all.stream().filter(other -> !other.isAfter(start));
    return before.count();
  }
}

package io.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import io.sluice.enginesim.EngineSim;
import io.sluice.enginesim.SimConfig;
import io.sluice.enginesim.SimConfig.Timing;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Conversations of several turns on workers of one engine each, which remember what they read. */
class ConversationsIT {
  private static final Logger LOG = LoggerFactory.getLogger(ConversationsIT.class);
  private static final int WORKERS = 2;
  private static final int CONVERSATIONS = 5;
  private static final int TURNS = 5;
  private static final SimConfig ENGINE =
      SimConfig.DEFAULT
          .slots(2)
          .answerTokens(20)
          .timing(Timing.NONE.prefillPerToken(Duration.ofMillis(2)).perToken(Duration.ofMillis(2)));

  @TempDir Path folder;

  private final Instant deadline = Instant.now().plus(Duration.ofMinutes(6));
  private final Queue<JobReader> readers = new ConcurrentLinkedQueue<>();

  @Test
  void turns_that_name_their_session_find_more_of_their_prompt_in_the_cache_of_a_worker()
      throws Exception {
    try (Cluster cluster = cluster()) {
      double with = cachedShare(cluster, true);
      double without = cachedShare(cluster, false);
      LOG.info("found in the cache: {} with sessions, {} without", with, without);
      assertThat(with).isGreaterThan(without);
      assertPromisesKept();
    }
  }

  @Test
  void every_turn_ends_once_although_workers_die_with_turns_that_were_given_to_them()
      throws Exception {
    try (Cluster cluster = cluster();
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> talks = talk(cluster, clients, "k", true);
      for (int kill = 0; kill < 4; kill++) {
        int before = readers.size();
        Awaitility.await("more turns")
            .atMost(Duration.between(Instant.now(), deadline))
            .until(() -> readers.size() >= Math.min(before + 4, CONVERSATIONS * TURNS));
        SluiceProcess worker = cluster.workers.get(kill % WORKERS);
        worker.kill9();
        worker.start();
      }
      for (Future<?> each : talks) {
        each.get(6, TimeUnit.MINUTES);
      }
      assertPromisesKept();
    }
  }

  private Cluster cluster() throws Exception {
    return new Cluster(
        folder, Collections.nCopies(WORKERS, new Cluster.Node(Cluster.MODEL, ENGINE)));
  }

  private double cachedShare(Cluster cluster, boolean named) throws Exception {
    long read = sum(cluster, engine -> engine.stats().readTokens());
    long cached = sum(cluster, engine -> engine.stats().cachedTokens());
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<?> each : talk(cluster, clients, named ? "n" : "u", named)) {
        each.get(6, TimeUnit.MINUTES);
      }
    }
    read = sum(cluster, engine -> engine.stats().readTokens()) - read;
    cached = sum(cluster, engine -> engine.stats().cachedTokens()) - cached;
    return (double) cached / (read + cached);
  }

  private static long sum(Cluster cluster, ToLongFunction<EngineSim> what) {
    return cluster.engines.stream().mapToLong(what).sum();
  }

  private List<Future<?>> talk(
      Cluster cluster, ExecutorService clients, String name, boolean named) {
    return IntStream.range(0, CONVERSATIONS)
        .<Future<?>>mapToObj(n -> clients.submit(() -> converse(cluster, name + n, named)))
        .toList();
  }

  /** Each question after the answer to the one before it, with all that was said. */
  private Void converse(Cluster cluster, String name, boolean named) throws InterruptedException {
    Submitter submitter = new Submitter(cluster.http, cluster.url, cluster.key);
    ObjectNode job = Json.object().put("model", Cluster.MODEL).put("kind", "chat");
    job.put("think", false).putArray("messages");
    if (named) {
      job.put("session", name);
    }
    for (int turn = 0; turn < TURNS; turn++) {
      String question = name + "-" + turn + " and more of it".repeat(turn == 0 ? 150 : 20);
      job.withArray("messages").addObject().put("role", "user").put("content", question);
      String id = submitter.submit(job, deadline);
      JobReader reader = new JobReader(cluster.http, () -> cluster.url, cluster.key, id);
      readers.add(reader);
      reader.readToTheEnd(deadline);
      String answer = reader.job(deadline).at("/output/text").asText();
      job.withArray("messages").addObject().put("role", "assistant").put("content", answer);
    }
    return null;
  }

  private void assertPromisesKept() throws InterruptedException {
    List<String> broken = new ArrayList<>();
    for (JobReader reader : readers) {
      broken.addAll(reader.verdict());
      assertThat(reader.ends()).as("ends of " + reader.id()).isEqualTo(1);
      assertThat(reader.job(deadline).path("state").asText())
          .as("state of " + reader.id())
          .isEqualTo("completed");
    }
    assertThat(broken).isEmpty();
    assertThat(new HashSet<>(readers.stream().map(JobReader::id).toList())).hasSize(readers.size());
  }
}

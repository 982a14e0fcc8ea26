package io.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Job;
import io.sluice.JobState;
import io.sluice.Jobs;
import io.sluice.codec.Json;
import io.sluice.enginesim.EngineSim;
import io.sluice.enginesim.SimConfig;
import io.sluice.enginesim.SimConfig.Timing;
import io.sluice.worker.ollama.OllamaModelServer;
import io.sluice.worker.ollama.OllamaSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Conversations of several turns on two simulated servers that remember what each slot read. */
class ConversationsTest extends WorkerRig {
  private static final Logger LOG = LoggerFactory.getLogger(ConversationsTest.class);
  private static final int CONVERSATIONS = 6;
  private static final int TURNS = 5;

  private final List<EngineSim> sims = List.of(sim(), sim());

  private static EngineSim sim() {
    Timing timing =
        Timing.NONE.prefillPerToken(Duration.ofNanos(500_000)).perToken(Duration.ofMillis(1));
    return EngineSim.start(SimConfig.DEFAULT.slots(2).answerTokens(20).timing(timing));
  }

  @AfterEach
  void stop() {
    sims.forEach(EngineSim::close);
  }

  @Test
  void turns_that_name_their_session_find_far_more_of_their_prompt_in_the_cache() throws Exception {
    start(
        IntStream.range(0, sims.size())
            .mapToObj(
                i ->
                    new EngineConfig(
                        "engine-" + i,
                        new OllamaModelServer(sims.get(i).uri(), OllamaSettings.DEFAULT),
                        2))
            .toList(),
        WorkerConfig.of("worker-1", java.util.Set.of(POOL)));
    eventually(
        () -> {
          assertThat(worker.servedBy("engine-0")).containsExactly(POOL);
          assertThat(worker.servedBy("engine-1")).containsExactly(POOL);
        });
    double without = cachedShare(false);
    Duration firstWithout = meanFirst();
    double with = cachedShare(true);
    LOG.info(
        "sessions named: {} in the cache, first token after {}, {}", with, meanFirst(), placed);
    LOG.info("not named: {} in the cache, first token after {}", without, firstWithout);
    assertThat(with).isGreaterThan(without);
  }

  private Duration meanFirst() {
    Duration sum = first.stream().reduce(Duration.ZERO, Duration::plus);
    return sum.dividedBy(first.size());
  }

  private double cachedShare(boolean named) throws Exception {
    first.clear();
    long read = sims.stream().mapToLong(it -> it.stats().readTokens()).sum();
    long cached = sims.stream().mapToLong(it -> it.stats().cachedTokens()).sum();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all =
          IntStream.range(0, CONVERSATIONS)
              .<Future<?>>mapToObj(i -> clients.submit(() -> talk(i + "" + named, named)))
              .toList();
      for (Future<?> each : all) {
        each.get();
      }
    }
    read = sims.stream().mapToLong(it -> it.stats().readTokens()).sum() - read;
    cached = sims.stream().mapToLong(it -> it.stats().cachedTokens()).sum() - cached;
    return (double) cached / (read + cached);
  }

  private void talk(String name, boolean named) {
    ObjectNode request = Json.object().put("think", false);
    ArrayNode messages = request.putArray("messages");
    for (int turn = 0; turn < TURNS; turn++) {
      String question = (name + "-" + turn + " ").repeat(turn == 0 ? 600 : 100);
      messages.addObject().put("role", "user").put("content", question);
      Jobs jobs = Jobs.chat(clock.instant()).request(Json.write(request));
      int tokens = 600 + 100 * turn;
      Job job = submit(AffinityTest.sized((named ? jobs.session(name) : jobs).job(), tokens));
      awaitState(job, JobState.COMPLETED);
      String answer = record(job).ending().orElseThrow().output().text();
      messages.addObject().put("role", "assistant").put("content", answer);
    }
  }
}

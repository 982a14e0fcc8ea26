package io.sluice.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.cli.client.Jobs;
import io.sluice.cli.client.Log;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * Many jobs at once, each submitted, waited for, and looked at afterwards.
 *
 * @param atOnce requests that are under way at the same time
 */
record Load(Jobs jobs, String model, int count, int tokens, int atOnce) {
  private static final Duration POLL = Duration.ofSeconds(55);

  /**
   * What came of it.
   *
   * @param wrong one sentence for each job without exactly one result
   */
  record Result(Duration submitting, Duration all, List<JsonNode> ended, List<String> wrong) {}

  Result run() {
    Instant start = Instant.now();
    List<String> ids = each(this::submit);
    Duration submitting = Duration.between(start, Instant.now());
    List<JsonNode> ended = each(i -> ended(ids.get(i)));
    Duration all = Duration.between(start, Instant.now());
    List<String> wrong = new ArrayList<>();
    each(i -> problem(ended.get(i))).forEach(found -> found.ifPresent(wrong::add));
    Set<String> distinct = new HashSet<>(ids);
    if (distinct.size() != count) {
      wrong.add(count - distinct.size() + " submissions got the id of another one");
    }
    return new Result(submitting, all, ended, wrong);
  }

  private String submit(int number) {
    JobRequest request =
        new JobRequest(
            "Job " + number + " of a load test.",
            Optional.empty(),
            model,
            Optional.empty(),
            Optional.of(tokens));
    return jobs.submit(request.json()).path("id").asText();
  }

  private JsonNode ended(String id) {
    JsonNode job = jobs.find(id, POLL);
    while (!job.path("ended_at").isTextual()) {
      job = jobs.find(id, POLL);
    }
    return job;
  }

  /** What is wrong with a job that has ended; a second result would be a second end in its log. */
  private Optional<String> problem(JsonNode job) {
    String id = job.path("id").asText();
    String state = job.path("state").asText();
    if (!state.equals("completed") && !state.equals("incomplete")) {
      return Optional.of(id + " is " + state);
    }
    try {
      Log log = jobs.log(id);
      if (log.ends() != 1) {
        return Optional.of(id + " has " + log.ends() + " ends");
      }
      return log.text().equals(job.path("output").path("text").asText())
          ? Optional.empty()
          : Optional.of(id + " streamed another text than its result");
    } catch (IOException e) {
      return Optional.of(id + " could not be read: " + e.getMessage());
    }
  }

  /** Calls for every number, {@code atOnce} at a time; results in order. */
  private <T> List<T> each(IntFunction<T> work) {
    List<T> results = new ArrayList<>(Collections.nCopies(count, null));
    AtomicInteger next = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int thread = 0; thread < atOnce; thread++) {
        running.add(
            threads.submit(
                () -> {
                  for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                    results.set(i, work.apply(i));
                  }
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
      return results;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}

package io.sluice.chaos;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.FailureCode;
import io.sluice.Leases;
import io.sluice.RetryPolicy;
import io.sluice.codec.Json;
import io.sluice.enginesim.FaultKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A job with the faults that it will meet.
 *
 * @param runs that meet it, from the first one
 */
record Faulty(String prompt, Optional<Injection> injection, int runs) {
  private static final int CLIENTS = 32;

  /**
   * So many jobs, of which each kind strikes the same share. Few meet their fault in each of their
   * runs: those that do must not be tried for ever.
   */
  static List<Faulty> drawn(List<FaultKind> kinds, int jobs, double share, Random random) {
    List<Faulty> all = new ArrayList<>();
    for (int n = 0; n < jobs; n++) {
      int drawn = (int) (random.nextDouble() / share);
      String prompt = kinds.getFirst() + " number " + n;
      if (drawn < kinds.size()) {
        Injection injection = Injection.of(kinds.get(drawn), n);
        int runs = random.nextInt(25) == 0 ? 3 : 1;
        all.add(new Faulty(prompt + injection.marker(runs), Optional.of(injection), runs));
      } else {
        all.add(plain(prompt));
      }
    }
    return all;
  }

  /** One that meets none. */
  static Faulty plain(String prompt) {
    return new Faulty(prompt, Optional.empty(), 0);
  }

  /** Submits all; the jobs by their ids. */
  static Map<String, Faulty> submit(List<Faulty> jobs, Cluster cluster, Instant deadline)
      throws Exception {
    Submitter submitter = new Submitter(cluster.http, cluster.url, cluster.key);
    List<ObjectNode> bodies = jobs.stream().map(Faulty::body).toList();
    List<String> ids = submitter.submitAll(bodies, CLIENTS, deadline);
    Map<String, Faulty> accepted = new HashMap<>();
    for (int n = 0; n < ids.size(); n++) {
      accepted.put(ids.get(n), jobs.get(n));
    }
    return accepted;
  }

  private ObjectNode body() {
    ObjectNode body =
        Json.object().put("model", Cluster.MODEL).put("kind", "generate").put("prompt", prompt);
    // Nothing but the timeout ends an answer without end.
    return is(FaultKind.ENDLESS) ? body.put("timeout", "2s") : body;
  }

  /** Whether it ends as failed. */
  boolean fails() {
    return injection.flatMap(Injection::failure).filter(this::isLast).isPresent();
  }

  /** By what its attempts fail, the likeliest first; nothing where they do not. */
  List<String> causes() {
    Stream<FailureCode> own = injection.flatMap(Injection::failure).stream();
    // Another one's hang may reach it earlier, or later, than its own.
    Stream<FailureCode> others =
        is(FaultKind.HANG_AFTER)
            ? Stream.of(FailureCode.FIRST_TOKEN_TIMEOUT, FailureCode.TOKEN_TIMEOUT)
            : Stream.empty();
    return Stream.concat(own, others).map(FailureCode::wireName).distinct().toList();
  }

  boolean is(FaultKind kind) {
    return injection.filter(it -> it.kind() == kind).isPresent();
  }

  private boolean isLast(FailureCode why) {
    if (!why.retryable()) {
      return true;
    }
    return switch (why.blame()) {
      case JOB -> runs >= RetryPolicy.DEFAULT.maxAttempts();
      case SUSPECT -> runs >= Leases.MAX_LOSSES;
      case INFRASTRUCTURE -> false;
    };
  }
}

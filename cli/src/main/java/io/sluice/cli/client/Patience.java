package io.sluice.cli.client;

import io.sluice.cli.Refusal;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;

/** Asks a server again, for a minute, where that may help; then it is a {@link Refusal}. */
final class Patience {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final Api api;
  private final InstantSource clock;

  Patience(Api api, InstantSource clock) {
    this.api = api;
    this.clock = clock;
  }

  /** Its answer; the call may be sent several times. */
  <T> T until(Call<T> call) {
    Instant deadline = clock.instant().plus(LIMIT);
    while (true) {
      Duration pause;
      RuntimeException failure;
      try {
        return call.now();
      } catch (ServerProblem problem) {
        failure = problem.asRefusal();
        pause = problem.worthWaiting().orElseThrow(problem::asRefusal);
      } catch (IOException e) {
        if (Jobs.refused(e)) {
          throw Jobs.unreachable(api, e);
        }
        failure = Jobs.unreachable(api);
        pause = PAUSE;
      }
      if (clock.instant().plus(pause).isAfter(deadline)) {
        throw failure;
      }
      LockSupport.parkNanos(pause.toNanos());
    }
  }

  /** A request that may be sent again. */
  interface Call<T> {
    T now() throws IOException;
  }
}

package io.sluice.cli.client;

import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;

/**
 * Asks a server again for as long as there is time, which may be a day: what is worked on through
 * the night outlives a restart. Only a server that never answered is given up at once. Safe from
 * any thread.
 */
final class Endurance {
  /** Where nobody says that it will pass. */
  private static final Duration DOUBTFUL = Duration.ofSeconds(60);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

  private final Api api;
  private final InstantSource clock;
  private final Notice notice;
  private volatile Instant deadline;
  private volatile boolean met;
  private volatile boolean away;

  Endurance(Api api, InstantSource clock, Instant deadline, Notice notice) {
    this.api = api;
    this.clock = clock;
    this.deadline = deadline;
    this.notice = notice;
  }

  /** From now on there is time until then. */
  void until(Instant instant) {
    deadline = instant;
  }

  /** Its answer; the call may be sent many times. */
  <T> T until(Patience.Call<T> call) {
    Instant began = clock.instant();
    for (Duration pause = FIRST_PAUSE; ; pause = longer(pause)) {
      try {
        T answer = call.now();
        isHere();
        return answer;
      } catch (ServerProblem problem) {
        met = true;
        Duration wait = problem.passesAfter(pause).orElseThrow(problem::asRefusal);
        boolean tooLong = clock.instant().plus(wait).isAfter(began.plus(DOUBTFUL));
        if (!problem.isAway() && tooLong) {
          throw problem.asRefusal();
        }
        waitFor(wait, problem.asRefusal());
      } catch (IOException e) {
        if (!met && Jobs.refused(e)) {
          throw Jobs.unreachable(api, e);
        }
        waitFor(pause, new Refusal(Exit.UNAVAILABLE, "no answer from " + api.server()));
      }
    }
  }

  /** Something came from the server. */
  void isHere() {
    met = true;
    if (away) {
      away = false;
      notice.back();
    }
  }

  private void waitFor(Duration time, Refusal otherwise) {
    if (clock.instant().plus(time).isAfter(deadline)) {
      throw otherwise;
    }
    if (!away) {
      away = true;
      notice.away(otherwise.getMessage());
    }
    LockSupport.parkNanos(time.toNanos());
  }

  static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
  }
}

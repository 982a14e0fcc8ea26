package io.sluice.chaos;

import io.sluice.FailureCode;
import io.sluice.cli.compose.CountedWorker;
import io.sluice.enginesim.EngineSim;
import io.sluice.enginesim.Fault;
import io.sluice.enginesim.FaultKind;
import io.sluice.worker.Circuit;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;

/**
 * Has one engine get stuck, starts it again when the worker says that it is and the other one has
 * answered meanwhile, and goes on with the other one when the worker uses both again. Used by one
 * thread.
 */
final class Incidents {
  private static final Fault STUCK = Fault.always(FaultKind.STUCK_AFTER, 2);

  private final CountedWorker worker;
  private final Map<EngineSim, Integer> restarts = new HashMap<>();
  private EngineSim next;
  private EngineSim other;
  private int left;
  private boolean underWay;
  private Optional<Long> answered = Optional.empty();

  /**
   * @param most of them in all
   */
  Incidents(CountedWorker worker, EngineSim next, EngineSim other, int most) {
    this.worker = worker;
    this.next = next;
    this.other = other;
    this.left = most;
  }

  /** The first one, which strikes the first job. */
  void begin() {
    Awaitility.await("both engines to be served")
        .atMost(Duration.ofSeconds(60))
        .until(this::allClosed);
    look();
  }

  /** How often an engine was started again. */
  int restarts(EngineSim engine) {
    return restarts.getOrDefault(engine, 0);
  }

  /** Does what is to be done now. */
  void look() {
    if (underWay) {
      goOn();
    } else if (left > 0 && allClosed()) {
      left--;
      underWay = true;
      next.faults(STUCK);
    }
  }

  /** When the jobs are over: whatever is stuck then is started again too. */
  void awaitNone() {
    left = 0;
    next.faults();
    answered = Optional.of(-1L);
    Awaitility.await("both engines to be served, with every slot free")
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              look();
              return allClosed() && worker.gauges().busy() == 0 && worker.gauges().parked() == 0;
            });
  }

  private void goOn() {
    if (!isStuck(next)) {
      return;
    }
    next.faults();
    long now = other.stats().completed();
    if (answered.filter(then -> now > then).isPresent()) {
      restart();
    } else {
      answered = answered.or(() -> Optional.of(now));
    }
  }

  private void restart() {
    next.restart();
    restarts.merge(next, 1, Integer::sum);
    EngineSim restarted = next;
    next = other;
    other = restarted;
    underWay = false;
    answered = Optional.empty();
  }

  private boolean isStuck(EngineSim engine) {
    return worker.circuits().stream()
        .filter(circuit -> circuit.engine().equals(engine.uri().getAuthority()))
        .flatMap(circuit -> circuit.why().stream())
        .anyMatch(why -> why.code() == FailureCode.ENGINE_STUCK);
  }

  private boolean allClosed() {
    return worker.circuits().stream().allMatch(circuit -> circuit.state() == Circuit.State.CLOSED);
  }
}

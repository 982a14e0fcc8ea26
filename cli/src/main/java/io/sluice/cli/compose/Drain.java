package io.sluice.cli.compose;

import io.sluice.JobId;
import io.sluice.worker.Worker;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stops a worker without harm to its jobs, and says what it gave back. */
final class Drain {
  private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

  private Drain() {}

  static void of(Worker worker) {
    int busy = worker.gauges().busy();
    if (busy > 0) {
      LOG.info("running jobs to wait for: {}; the same signal again stops at once", busy);
    }
    List<JobId> left = worker.drain();
    if (!left.isEmpty()) {
      LOG.warn("gave back {} jobs that had not finished: {}", left.size(), left);
    }
  }
}

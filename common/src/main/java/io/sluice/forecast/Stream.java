package io.sluice.forecast;

import io.sluice.JobClass;
import io.sluice.Lines.Amount;
import io.sluice.Lines.Queue;

/** One lane as a fluid, in virtual tokens: what waits of it drains, while more may come in. */
final class Stream {
  private final JobClass jobClass;
  private final double weight;
  private final Amount waiting;
  private final double inflow;

  /** What waits now, at this moment of the model. */
  private double backlog;

  /** What was drained since the model began. */
  private double drained;

  private double rate;

  private Stream(JobClass jobClass, double weight, Amount waiting, double inflow) {
    this.jobClass = jobClass;
    this.weight = weight;
    this.waiting = waiting;
    this.inflow = inflow;
    this.backlog = waiting.tokens();
  }

  static Stream of(JobClass jobClass, Queue lane) {
    return new Stream(
        jobClass, Math.max(1, lane.weight()), lane.waiting(), Math.max(0, lane.tokensPerSecond()));
  }

  /** What is ahead of a job in its own lane; what comes later there comes behind it. */
  static Stream ahead(JobClass jobClass, double weight, Amount ahead) {
    return new Stream(jobClass, weight, ahead, 0);
  }

  JobClass jobClass() {
    return jobClass;
  }

  double weight() {
    return weight;
  }

  boolean waits() {
    return backlog > 0;
  }

  /** What it takes per second where it is given all that it wants. */
  double demand() {
    return waits() ? Double.POSITIVE_INFINITY : inflow;
  }

  void give(double perSecond) {
    rate = perSecond;
  }

  /** How many seconds until nothing waits here any more; infinity if that does not come. */
  double untilEmpty() {
    return waits() && rate > inflow ? backlog / (rate - inflow) : Double.POSITIVE_INFINITY;
  }

  void pass(double seconds) {
    drained += rate * seconds;
    if (seconds >= untilEmpty()) {
      backlog = 0;
    } else if (waits()) {
      backlog -= (rate - inflow) * seconds;
    }
  }

  /** How much of what waited at first has started. */
  double tokensStarted() {
    return Math.min(waiting.tokens(), drained);
  }

  double jobsStarted() {
    return waiting.tokens() == 0 ? 0 : waiting.jobs() * tokensStarted() / waiting.tokens();
  }
}

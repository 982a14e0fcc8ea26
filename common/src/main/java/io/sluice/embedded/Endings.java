package io.sluice.embedded;

import io.sluice.Ending;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.JobEvent;
import io.sluice.JobState;
import io.sluice.Output;
import io.sluice.Step;
import io.sluice.Usage;
import io.sluice.codec.EndingCodec;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** The one way in which a job ends: state, result, last event and place in one step. */
final class Endings {
  static final Ending CANCELLED = new Ending.Cancelled(Optional.empty(), Output.NONE, Usage.NONE);
  static final Ending SUPERSEDED =
      new Ending.Cancelled(
          Optional.of(
              new Failure(FailureCode.SUPERSEDED, "Another job holds its idempotency key.")),
          Output.NONE,
          Usage.NONE);
  static final Ending LOST = failed(FailureCode.LOST, "It did not end before its finish_by.");
  static final Ending POISON =
      failed(FailureCode.POISON, "Too many workers or engines were lost while they ran it.");

  private Endings() {}

  private static Ending failed(FailureCode code, String message) {
    return new Ending.Failed(new Failure(code, message), Output.NONE, Usage.NONE);
  }

  /**
   * Ends a job whose holder has no say in it: the fence rises, so that it is refused from now on.
   */
  static void fromOutside(Sql sql, JobRow job, Ending ending, long now) throws SQLException {
    job.raiseFence(now);
    // Where nobody knows what a job used that ran, its charge stands.
    if (job.attempt == 0 || ending.usage().tokens() > 0) {
      Spent.settle(sql, job.n, ending.usage().tokens());
    }
    write(sql, job, ending, now);
  }

  /**
   * Completes a job with another one's answer, at the fence that it has now. It is charged no
   * tokens; where it ran before, its charge stands.
   */
  static void answered(Sql sql, JobRow job, Ending ending, long now) throws SQLException {
    if (job.attempt == 0) {
      Spent.settle(sql, job.n, 0);
    }
    close(sql, job, ending, now);
  }

  /** Ends a job at its fence. A cancelling job becomes cancelled whatever the ending says. */
  static void end(Sql sql, JobRow job, Ending ending, long now) throws SQLException {
    Spent.settle(sql, job.n, ending.usage().tokens());
    write(sql, job, ending, now);
  }

  private static void write(Sql sql, JobRow job, Ending ending, long now) throws SQLException {
    Ending last = job.state == JobState.CANCELLING ? cancelled(ending) : ending;
    Experience.ends(sql, job, last.usage().completionTokens());
    close(sql, job, last, now);
  }

  private static void close(Sql sql, JobRow job, Ending last, long now) throws SQLException {
    Places.release(sql, job, now);
    if (job.isHeld()) {
      leave(sql, job, now);
    }
    job.state = last.state();
    job.endedAt = now;
    job.step(new Step.Ended(Instant.ofEpochMilli(now), job.state));
    WebhookTable.owe(sql, job, now);
    job.notBefore = null;
    job.nonce = null;
    job.leasedUntil = null;
    sql.update("INSERT INTO job_endings (n, ending) VALUES (?, ?)", job.n, EndingCodec.write(last));
    JobTable.log(sql, job, JobTable.nextSeq(sql, job), new JobEvent.End(job.state));
    JobTable.save(sql, job);
  }

  /** A job that ran leaves its slot. */
  static void leave(Sql sql, JobRow job, long now) throws SQLException {
    Turns.leaveSlot(sql, job, now);
    if (job.isCounted()) {
      long ranMs = job.attempt == 1 ? now - job.startedAt : 0;
      PoolMeter.change(sql, job.pool, meter -> meter.ends(now, job.cost, ranMs));
    }
  }

  private static Ending cancelled(Ending ending) {
    return switch (ending) {
      case Ending.Cancelled same -> same;
      case Ending.Completed it -> cancelled(it.output(), it.usage());
      case Ending.Incomplete it -> cancelled(it.output(), it.usage());
      case Ending.Failed it -> cancelled(it.output(), it.usage());
      case Ending.Expired it -> cancelled(it.output(), it.usage());
    };
  }

  private static Ending cancelled(Output output, Usage usage) {
    return new Ending.Cancelled(Optional.empty(), output, usage);
  }
}

package io.sluice.cli.compose;

import io.sluice.Ending;
import io.sluice.Failure;
import io.sluice.Job;
import io.sluice.JobId;
import io.sluice.JobListener;
import io.sluice.JobRecord;
import io.sluice.JobState;
import io.sluice.Pool;
import java.time.Duration;
import java.util.List;

/** Several listeners as one. */
record Listeners(List<JobListener> all) implements JobListener {
  @Override
  public void submitted(Job job) {
    all.forEach(one -> one.submitted(job));
  }

  @Override
  public void refused(String tenant, String code) {
    all.forEach(one -> one.refused(tenant, code));
  }

  @Override
  public void placed(Job job, Warmth warmth) {
    all.forEach(one -> one.placed(job, warmth));
  }

  @Override
  public void started(JobRecord record, Duration waited) {
    all.forEach(one -> one.started(record, waited));
  }

  @Override
  public void firstToken(Job job, Duration after) {
    all.forEach(one -> one.firstToken(job, after));
  }

  @Override
  public void retried(Job job, int attempt, Failure why) {
    all.forEach(one -> one.retried(job, attempt, why));
  }

  @Override
  public void unserved(String engine, Pool pool, Failure why) {
    all.forEach(one -> one.unserved(engine, pool, why));
  }

  @Override
  public void ended(Job job, int attempt, Ending ending, Duration ran) {
    all.forEach(one -> one.ended(job, attempt, ending, ran));
  }

  @Override
  public void ended(JobId id, JobState state) {
    all.forEach(one -> one.ended(id, state));
  }
}

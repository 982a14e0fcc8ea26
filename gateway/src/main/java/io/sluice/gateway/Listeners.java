package io.sluice.gateway;

import io.sluice.Cached;
import io.sluice.Job;
import io.sluice.JobId;
import io.sluice.JobListener;
import io.sluice.JobState;

/** Two listeners of what a gateway tells. */
record Listeners(JobListener first, JobListener second) implements JobListener {
  @Override
  public void submitted(Job job) {
    first.submitted(job);
    second.submitted(job);
  }

  @Override
  public void refused(String tenant, String code) {
    first.refused(tenant, code);
    second.refused(tenant, code);
  }

  @Override
  public void ended(JobId id, JobState state) {
    first.ended(id, state);
    second.ended(id, state);
  }

  @Override
  public void missed(Job job) {
    first.missed(job);
    second.missed(job);
  }

  @Override
  public void answered(JobId id, Cached.How how, int savedTokens) {
    first.answered(id, how, savedTokens);
    second.answered(id, how, savedTokens);
  }
}

package io.sluice.cli.compose;

import io.sluice.Ending;
import io.sluice.Failure;
import io.sluice.Job;
import io.sluice.JobId;
import io.sluice.JobListener;
import io.sluice.JobRecord;
import io.sluice.JobState;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down what happens to jobs, never what is in them. */
final class JobLog implements JobListener {
  private static final Logger LOG = LoggerFactory.getLogger("jobs");

  @Override
  public void submitted(Job job) {
    LOG.debug(
        "{} submitted by {} for {}, {}+{} tokens",
        job.id(),
        job.tenant(),
        job.pool(),
        job.promptTokens(),
        job.maxOutputTokens());
  }

  @Override
  public void refused(String tenant, String code) {
    LOG.debug("a submission of {} was refused: {}", tenant, code);
  }

  @Override
  public void started(JobRecord record, Duration waited) {
    LOG.debug(
        "{} attempt {} started after {} ms", record.id(), record.attempt(), waited.toMillis());
  }

  @Override
  public void retried(Job job, int attempt, Failure why) {
    LOG.info(
        "{} attempt {} failed and is tried again: {}", job.id(), attempt, why.code().wireName());
  }

  @Override
  public void ended(Job job, int attempt, Ending ending, Duration ran) {
    LOG.info(
        "{} {} in {} ms, attempt {}, {}+{} tokens, {}",
        job.id(),
        ending.failure().map(why -> why.code().wireName()).orElse(ending.state().wireName()),
        ran.toMillis(),
        attempt,
        ending.usage().promptTokens(),
        ending.usage().completionTokens(),
        job.pool());
  }

  @Override
  public void ended(JobId id, JobState state) {
    LOG.info("{} {} from outside", id, state.wireName());
  }
}

package io.sluice.worker;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Job;
import io.sluice.JobClass;
import io.sluice.JobState;
import io.sluice.Jobs;
import io.sluice.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Interactive jobs beside more batch jobs than there are slots, through store, queue and worker.
 */
class BatchFloodTest extends WorkerRig {
  private static final int SLOTS = 4;
  private static final int BATCH = 40;
  private static final int INTERACTIVE = 20;

  /** However long batch jobs run: here none of them ends before all interactive ones have. */
  @Test
  void no_interactive_job_waits_for_a_batch_job() {
    List<Job> flood = flood();
    start(SLOTS);
    List<ScriptedModelServer.Answer> held = new ArrayList<>();
    for (int n = 0; n < SLOTS - 1; n++) {
      held.add(server.next());
    }
    assertThat(held).allMatch(answer -> answer.job.jobClass() == JobClass.BATCH);

    for (int n = 0; n < INTERACTIVE; n++) {
      Job job = submit(chat());
      ScriptedModelServer.Answer answer = server.next();
      assertThat(answer.job.id()).isEqualTo(job.id());
      answer.done();
      assertEnds(job, JobState.COMPLETED);
      assertThat(turn(job).meanwhile()).isEqualTo(Step.Starts.NONE);
    }

    server.answers(job -> ScriptedModelServer.answer("at last"));
    held.forEach(ScriptedModelServer.Answer::done);
    flood.forEach(job -> assertEnds(job, JobState.COMPLETED));
  }

  private List<Job> flood() {
    List<Job> jobs = new ArrayList<>();
    for (int n = 0; n < BATCH; n++) {
      jobs.add(submit(Jobs.chat(clock.instant()).batch().job()));
    }
    return jobs;
  }

  private Step.Turn turn(Job job) {
    return await(ports.history().steps(job.id(), Optional.of(job.tenant()))).stream()
        .filter(Step.Started.class::isInstance)
        .map(Step.Started.class::cast)
        .findFirst()
        .flatMap(Step.Started::turn)
        .orElseThrow();
  }
}

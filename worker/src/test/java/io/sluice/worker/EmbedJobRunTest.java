package io.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Embedding;
import io.sluice.Ending;
import io.sluice.FailureCode;
import io.sluice.Job;
import io.sluice.JobEvent;
import io.sluice.JobState;
import io.sluice.Jobs;
import io.sluice.RetryPolicy;
import io.sluice.Usage;
import io.sluice.worker.Generation.Piece;
import io.sluice.worker.ScriptedModelServer.Answer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An embed job from its lane to its end. */
class EmbedJobRunTest extends WorkerRig {
  private static final List<Embedding> TWO = List.of(new Embedding(1, 0), new Embedding(0, 1));

  private Job embed() {
    return patient(Jobs.chat(clock.instant()).embed("a", "b").job());
  }

  @Test
  void its_vectors_are_its_output_and_none_of_its_events() {
    server.answers(job -> List.of(new Piece.Vectors(TWO), new Piece.Done(false, new Usage(7, 0))));
    start(1);
    Job job = submit(embed());

    assertEnds(job, JobState.COMPLETED);

    Ending ending = record(job).ending().orElseThrow();
    assertThat(ending.output().embeddings()).isEqualTo(TWO);
    assertThat(ending.usage().promptTokens()).isEqualTo(7);
    assertThat(ending.usage().completionTokens()).isZero();
    assertThat(events(job.id()))
        .containsExactly(new JobEvent.Start(1), new JobEvent.End(JobState.COMPLETED));
  }

  @Test
  void one_that_is_cancelled_ends_its_request_and_costs_nothing() {
    start(1);
    Job job = submit(embed());
    Answer running = server.next();
    io.sluice.Await.await(ports.store().cancel(job.id()));
    running.awaitClose();
    assertEnds(job, JobState.CANCELLED);
    assertThat(record(job).ending().orElseThrow().usage()).isEqualTo(Usage.NONE);
  }

  @Test
  void the_vectors_of_an_attempt_that_failed_are_not_those_of_the_next() {
    start(1);
    Job job = submit(embed());
    Answer first = server.next();
    first.say(new Piece.Vectors(TWO));
    first.fail(new io.sluice.Failure(FailureCode.ENGINE_ERROR, "it broke"));
    Answer second = server.next();
    second.say(new Piece.Vectors(TWO.reversed()));
    second.say(new Piece.Done(false, new Usage(7, 0)));
    assertEnds(job, JobState.COMPLETED);
    assertThat(record(job).ending().orElseThrow().output().embeddings()).isEqualTo(TWO.reversed());
  }

  @Test
  void silence_is_a_hang_as_soon_as_the_longest_prompt_would_have_been_read() {
    start(1, firstToken(Duration.ofMillis(50)));
    Job job = submit(embed());
    server.next().awaitClose();
    Answer second = server.next();
    second.say(new Piece.Vectors(TWO));
    second.say(new Piece.Done(false, new Usage(7, 0)));
    assertEnds(job, JobState.COMPLETED);
    assertThat(retried)
        .extracting(io.sluice.Failure::code)
        .containsExactly(FailureCode.FIRST_TOKEN_TIMEOUT);
  }

  @Test
  void inputs_of_many_long_prompts_have_the_time_of_as_many() {
    start(1, firstToken(Duration.ofMillis(50)));
    Job large = promptTokens(embed(), 40 * 32_768);
    Job job = submit(with(large, Duration.ofMillis(400), RetryPolicy.DEFAULT));
    server.next();
    assertEnds(job, JobState.FAILED);
    assertThat(code(job)).isEqualTo(FailureCode.ATTEMPT_TIMEOUT);
    assertThat(retried).isEmpty();
  }

  private WorkerConfig firstToken(Duration within) {
    WorkerConfig.Deadlines standard = WorkerConfig.Deadlines.DEFAULT;
    return config()
        .with(
            new WorkerConfig.Deadlines(
                within, standard.betweenTokens(), standard.drain(), standard.giveBack()));
  }

  private static Job promptTokens(Job job, int tokens) {
    return new Job(
        job.id(),
        job.tenant(),
        job.principal(),
        job.session(),
        job.kind(),
        job.pool(),
        job.jobClass(),
        job.request(),
        tokens,
        job.maxOutputTokens(),
        job.createdAt(),
        job.startBy(),
        job.finishBy(),
        job.timeout(),
        job.retry(),
        job.metadata(),
        job.webhook(),
        job.idempotency(),
        job.traceparent());
  }
}

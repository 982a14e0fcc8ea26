package io.sluice.worker;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Job;
import io.sluice.JobEvent;
import io.sluice.JobState;
import io.sluice.worker.ScriptedModelServer.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The store goes away, loses answers, or loses everything. */
class StoreAwayTest extends WorkerRig {
  @Test
  void nothing_starts_while_the_store_is_away_and_the_message_is_kept() {
    server.answers(any -> ScriptedModelServer.answer("a"));
    Job job = submit(chat());
    store.isAway(true);
    start(1);
    eventually(() -> assertThat(store.refused).hasValueGreaterThan(3));
    assertThat(server.requests(job.id())).isZero();
    assertThat(worker.gauges().busy()).isOne();

    store.isAway(false);

    assertEnds(job, JobState.COMPLETED);
    assertThat(record(job).attempt()).isOne();
  }

  @Test
  void a_claim_whose_answer_was_lost_is_answered_again() {
    server.answers(any -> ScriptedModelServer.answer("a"));
    store.loseAnswers(2);
    Job job = submit(chat());
    start(1);
    assertEnds(job, JobState.COMPLETED);
    assertThat(record(job).attempt()).isOne();
    assertThat(record(job).losses()).isZero();
  }

  @Test
  void lost_answers_to_appends_and_endings_double_nothing() throws Exception {
    start(1);
    Job job = submit(chat());
    Answer answer = server.next();
    store.loseAnswers(1);
    answer.text("one");
    eventually(() -> assertThat(text(events(job.id()))).isEqualTo("one"));
    store.loseAnswers(3);
    answer.text(" two");
    answer.done();
    assertEnds(job, JobState.COMPLETED);
    assertThat(text(events(job.id()))).isEqualTo("one two");
    assertNoMessagesLeft();
  }

  @Test
  void a_running_job_goes_on_without_the_store_and_ends_when_it_is_back() {
    start(1);
    Job job = submit(chat());
    Answer answer = server.next();
    answer.text("before");
    eventually(() -> assertThat(text(events(job.id()))).isEqualTo("before"));
    store.isAway(true);
    answer.text(", during");
    answer.text(" and after");
    answer.done();
    answer.awaitClose();
    int refused = store.refused.get();
    eventually(() -> assertThat(store.refused).hasValueGreaterThan(refused + 2));
    assertThat(record(job).state()).isEqualTo(JobState.IN_PROGRESS);

    store.isAway(false);

    assertEnds(job, JobState.COMPLETED);
    assertThat(text(events(job.id()))).isEqualTo("before, during and after");
  }

  @Test
  void a_job_whose_record_was_lost_is_claimed_again_and_its_text_appended_anew() throws Exception {
    start(1);
    Job job = submit(chat());
    Answer answer = server.next();
    answer.text("before");
    eventually(() -> assertThat(text(events(job.id()))).isEqualTo("before"));

    loseEverything();

    eventually(() -> assertThat(text(events(job.id()))).isEqualTo("before"));
    assertThat(events(job.id())).first().isInstanceOf(JobEvent.Reset.class);
    answer.text(" and after");
    answer.done();
    assertEnds(job, JobState.COMPLETED);
    assertThat(text(events(job.id()))).isEqualTo("before and after");
    assertThat(server.requests(job.id())).isOne();
    assertThat(record(job).attempt()).isOne();
    assertNoMessagesLeft();
  }

  @Test
  void a_record_that_is_lost_while_the_store_is_away_is_restored_to_be_ended() {
    start(1);
    Job job = submit(chat());
    Answer answer = server.next();
    answer.text("all of it");
    store.isAway(true);
    answer.done();
    answer.awaitClose();
    loseEverything();
    store.isAway(false);

    assertEnds(job, JobState.COMPLETED);

    assertThat(text(events(job.id()))).isEqualTo("all of it");
    assertThat(server.requests(job.id())).isOne();
  }

  @Test
  void a_store_that_comes_and_goes_and_loses_everything_costs_no_job() throws Exception {
    server.answers(job -> ScriptedModelServer.answer("text of ", job.id().value()));
    start(4);
    List<Job> jobs = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      int refused = store.refused.get();
      store.isAway(true);
      // Each time some that come while it is away, so that there is always something to refuse.
      IntStream.range(0, 6).forEach(n -> jobs.add(submit(chat())));
      eventually(() -> assertThat(store.refused).hasValueGreaterThan(refused));
      if (i == 5) {
        loseEverything();
      }
      store.isAway(false);
      store.loseAnswers(3);
    }
    eventually(() -> assertThat(worker.gauges().busy()).isZero());
    assertThat(ended).hasSizeGreaterThanOrEqualTo(60);
    for (Job job : jobs) {
      if (await(truth.store().find(job.id())) instanceof io.sluice.JobStore.Lookup.Found) {
        assertEnds(job, JobState.COMPLETED);
      }
    }
    assertThat(server.mostAtOnce()).isLessThanOrEqualTo(4);
    assertNoMessagesLeft();
  }
}

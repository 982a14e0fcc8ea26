package io.sluice.worker;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.Job;
import io.sluice.JobEvent;
import io.sluice.JobState;
import io.sluice.Jobs;
import io.sluice.Leases;
import io.sluice.Usage;
import io.sluice.codec.Json;
import io.sluice.tokens.TokenCounters;
import io.sluice.worker.ScriptedModelServer.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An answer in whose middle the worker was lost, and what the next worker makes of it. */
class ContinuationTest extends WorkerRig {
  private static final String BEGUN = "It was a dark";

  @Override
  WorkerConfig config() {
    return super.config().continues(true);
  }

  /** Another worker said this much of an answer, and was lost. */
  private Job begun(Job job, JobEvent... said) {
    submit(job);
    Leases.Lease lost = heldBy("worker-2", job);
    await(ports.events().append(lost, 1, List.of(said)));
    pass(Leases.LENGTH.plusSeconds(1));
    return job;
  }

  private static JsonNode messages(Answer asked) {
    return Json.parse(asked.job.request()).path("messages");
  }

  @Test
  void the_next_attempt_gets_what_was_said_as_the_beginning_of_its_answer() {
    server.continues = true;
    Job job = begun(chat(), new JobEvent.Token("It was a"), new JobEvent.Token(" dark"));
    start(1);

    Answer second = server.next();

    JsonNode messages = messages(second);
    assertThat(messages).hasSize(Json.parse(job.request()).path("messages").size() + 1);
    JsonNode last = messages.path(messages.size() - 1);
    assertThat(last.path("role").asText()).isEqualTo("assistant");
    assertThat(last.path("content").asText()).isEqualTo(BEGUN);
    int tokens = TokenCounters.forModel(job.model()).count(BEGUN);
    assertThat(second.job.maxOutputTokens()).isEqualTo(job.maxOutputTokens() - tokens);

    second.text(" and stormy night.");
    second.say(new Generation.Piece.Done(false, new Usage(20, 4)));
    assertEnds(job, JobState.COMPLETED);
    assertThat(text(events(job.id()))).isEqualTo("It was a dark and stormy night.");
    assertThat(record(job).ending().orElseThrow().usage().promptTokens()).isEqualTo(20 - tokens);
    assertThat(record(job).ending().orElseThrow().usage().completionTokens()).isEqualTo(4 + tokens);
  }

  @Test
  void what_a_client_began_itself_stays_before_it() {
    server.continues = true;
    Job asked = Jobs.chat(clock.instant()).job();
    Job job =
        asked.asking(
            "{\"messages\":[{\"role\":\"user\",\"content\":\"Tell.\"},{\"role\":\"assistant\",\"content\":\"Once: \"}]}",
            asked.maxOutputTokens());
    begun(job, new JobEvent.Token(BEGUN));
    start(1);
    JsonNode messages = messages(server.next());
    assertThat(messages).hasSize(2);
    assertThat(messages.path(1).path("content").asText()).isEqualTo("Once: " + BEGUN);
  }

  @Test
  void an_answer_that_was_begun_twice_is_not_doubled() {
    server.continues = true;
    Job job = begun(patient(chat()), new JobEvent.Token(BEGUN));
    start(1);
    Answer second = server.next();
    second.text(" and");
    eventually(() -> assertThat(text(events(job.id()))).isEqualTo(BEGUN + " and"));
    second.fail(CRASHED);
    Answer third = server.next();
    JsonNode messages = messages(third);
    assertThat(messages.path(messages.size() - 1).path("content").asText())
        .isEqualTo(BEGUN + " and");
    third.text(" windy day.");
    third.done();
    assertEnds(job, JobState.COMPLETED);
    assertThat(text(events(job.id()))).isEqualTo("It was a dark and windy day.");
  }

  @Test
  void an_attempt_that_was_lost_before_it_said_anything_takes_nothing_from_what_was_said() {
    server.continues = true;
    Job job = begun(patient(chat()), new JobEvent.Token(BEGUN));
    heldBy("worker-3", job);
    pass(Leases.LENGTH.plusSeconds(1));
    start(1);
    JsonNode messages = messages(server.next());
    assertThat(messages.path(messages.size() - 1).path("content").asText()).isEqualTo(BEGUN);
  }

  @Test
  void an_attempt_that_was_lost_while_it_repeated_what_was_said_takes_nothing_from_it() {
    server.continues = true;
    Job job = begun(patient(chat()), new JobEvent.Token(BEGUN));
    Leases.Lease lost = heldBy("worker-3", job);
    await(ports.events().append(lost, 1, List.of(new JobEvent.Token("It was"))));
    pass(Leases.LENGTH.plusSeconds(1));
    start(1);
    JsonNode messages = messages(server.next());
    assertThat(messages.path(messages.size() - 1).path("content").asText()).isEqualTo(BEGUN);
  }

  @Test
  void an_attempt_that_began_anew_is_what_is_gone_on_with() {
    server.continues = true;
    Job job = begun(patient(chat()), new JobEvent.Token(BEGUN));
    Leases.Lease lost = heldBy("worker-3", job);
    await(ports.events().append(lost, 1, List.of(new JobEvent.Token("Once upon"))));
    pass(Leases.LENGTH.plusSeconds(1));
    start(1);
    JsonNode messages = messages(server.next());
    assertThat(messages.path(messages.size() - 1).path("content").asText()).isEqualTo("Once upon");
  }

  @Test
  void a_cancelled_job_pays_for_what_was_written_before_its_last_attempt_too() {
    server.continues = true;
    Job job = begun(chat(), new JobEvent.Token(BEGUN));
    start(1);
    Answer second = server.next();
    second.text(" and");
    eventually(() -> assertThat(text(events(job.id()))).isEqualTo(BEGUN + " and"));
    await(ports.store().cancel(job.id()));
    assertEnds(job, JobState.CANCELLED);
    int tokens = TokenCounters.forModel(job.model()).count(BEGUN);
    Usage usage = record(job).ending().orElseThrow().usage();
    assertThat(usage.completionTokens()).isEqualTo(tokens + 1);
    assertThat(usage.promptTokens()).isEqualTo(job.promptTokens());
  }

  @Test
  void thoughts_and_calls_are_made_anew() {
    server.continues = true;
    begun(chat(), new JobEvent.Thinking("Hm."), new JobEvent.Token(BEGUN));
    begun(chat(), new JobEvent.Token(BEGUN), new JobEvent.ToolCall("{}"));
    start(2);
    assertAnew(server.next());
    assertAnew(server.next());
  }

  @Test
  void a_server_that_does_not_continue_is_asked_as_before() {
    begun(chat(), new JobEvent.Token(BEGUN));
    start(1);
    assertAnew(server.next());
  }

  @Test
  void a_worker_that_is_not_to_continue_asks_as_before() {
    server.continues = true;
    begun(chat(), new JobEvent.Token(BEGUN));
    start(1, config().continues(false));
    assertAnew(server.next());
  }

  private static void assertAnew(Answer asked) {
    assertThat(Json.write(messages(asked))).doesNotContain(BEGUN);
    asked.text("Anew.");
    asked.done();
  }
}

package io.sluice.gateway.responses;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Ending;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.JobRecord;
import io.sluice.JobState;
import io.sluice.Output;
import io.sluice.Usage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NumberingTest {
  private static final String CALL =
      "{\"function\":{\"name\":\"weather\",\"arguments\":{\"city\":\"Ålesund\"}}}";

  private static List<String> types(List<Numbered> events) {
    return events.stream().map(it -> it.data().path("type").asText()).toList();
  }

  private static List<Numbered> all(Logs log) {
    return Logs.numbered(log.events(), log.completed());
  }

  @Test
  void an_answer_has_every_event_of_its_items_in_order_and_numbers_from_zero() {
    List<Numbered> events =
        all(
            new Logs()
                .start()
                .thinking("Hm", "m")
                .text("Hel", "lo")
                .call(CALL)
                .end(JobState.COMPLETED));
    assertThat(types(events))
        .containsExactly(
            "response.created",
            "response.queued",
            "response.in_progress",
            "response.output_item.added",
            "response.content_part.added",
            "response.reasoning_text.delta",
            "response.reasoning_text.delta",
            "response.reasoning_text.done",
            "response.content_part.done",
            "response.output_item.done",
            "response.output_item.added",
            "response.content_part.added",
            "response.output_text.delta",
            "response.output_text.delta",
            "response.output_text.done",
            "response.content_part.done",
            "response.output_item.done",
            "response.output_item.added",
            "response.function_call_arguments.delta",
            "response.function_call_arguments.done",
            "response.output_item.done",
            "response.completed");
    for (int i = 0; i < events.size(); i++) {
      assertThat(events.get(i).number()).isEqualTo(i);
      assertThat(events.get(i).data().path("sequence_number").asInt(-1)).isEqualTo(i);
    }
  }

  @Test
  void the_finished_items_of_the_stream_are_those_of_the_finished_response() {
    List<Numbered> events =
        all(
            new Logs()
                .start()
                .thinking("Hm")
                .text("Hel", "lo")
                .call(CALL)
                .call(CALL)
                .end(JobState.COMPLETED));
    List<JsonNode> streamed =
        events.stream()
            .map(Numbered::data)
            .filter(it -> it.path("type").asText().equals("response.output_item.done"))
            .map(it -> it.path("item"))
            .toList();
    ObjectNode last = events.getLast().data();
    assertThat(last.at("/response/output")).hasSize(4).containsExactlyElementsOf(streamed);
    assertThat(last.at("/response/output/2/arguments").asText())
        .isEqualTo("{\"city\":\"Ålesund\"}");
    assertThat(last.at("/response/output/2/call_id").asText())
        .isNotEqualTo(last.at("/response/output/3/call_id").asText());
  }

  @Test
  void an_answer_that_the_log_never_held_comes_at_the_end() {
    Ending ending =
        new Ending.Completed(new Output("kept", Optional.of("hm"), List.of(CALL)), new Usage(1, 2));
    JobRecord ended = Logs.record(JobState.COMPLETED, Optional.of(ending));
    List<Numbered> events = Logs.numbered(new Logs().end(JobState.COMPLETED).events(), ended);
    assertThat(types(events)).contains("response.output_text.delta", "response.completed");
    assertThat(events.getLast().data().at("/response/output/1/content/0/text").asText())
        .isEqualTo("kept");
  }

  @Test
  void a_failure_leaves_the_open_item_incomplete() {
    Ending ending =
        new Ending.Failed(
            new Failure(FailureCode.POISON, "Three were lost."),
            new Output("Hel", Optional.empty(), List.of()),
            new Usage(7, 1));
    JobRecord ended = Logs.record(JobState.FAILED, Optional.of(ending));
    List<Numbered> events =
        Logs.numbered(new Logs().start().text("Hel").end(JobState.FAILED).events(), ended);
    JsonNode item = events.get(events.size() - 2).data().path("item");
    JsonNode response = events.getLast().data().path("response");
    assertThat(item.path("status").asText()).isEqualTo("incomplete");
    assertThat(response.path("output").path(0)).isEqualTo(item);
    assertThat(response.path("status").asText()).isEqualTo("failed");
    assertThat(response.path("error").path("code").asText()).isEqualTo("server_error");
    assertThat(response.path("error").path("message").asText()).startsWith("poison: ");
  }

  @Test
  void a_job_that_never_ran_ends_without_having_been_in_progress() {
    JobRecord ended = Logs.record(JobState.EXPIRED, Optional.of(new Ending.Expired()));
    List<Numbered> events = Logs.numbered(new Logs().end(JobState.EXPIRED).events(), ended);
    assertThat(types(events))
        .containsExactly("response.created", "response.queued", "response.failed");
    assertThat(events.getLast().data().at("/response/usage").isNull()).isTrue();
  }

  @Test
  void numbers_after_a_loss_of_the_log_are_those_that_no_event_before_it_had() {
    Logs log = new Logs().start().text("a", "b", "c");
    long most = all(log).getLast().number();
    List<Numbered> after = all(log.lost().reset("store_lost").text("a").end(JobState.COMPLETED));
    assertThat(after.get(3).part()).isEqualTo(new Numbered.Part.Void());
    assertThat(after.get(3).number()).isGreaterThan(most);
    assertThat(after.get(2).number()).isEqualTo(2);
  }

  @Test
  void a_reader_through_the_loss_and_one_after_it_know_the_same_numbers() {
    Logs log = new Logs().start().text("a", "b");
    List<Numbered> through = new java.util.ArrayList<>();
    Numbering live = new Numbering(Logs.queued());
    through.addAll(live.opening());
    log.events().forEach(it -> through.addAll(live.next(it)));
    log.lost().reset("store_lost").text("a", "bc").end(JobState.COMPLETED);
    log.events().forEach(it -> through.addAll(live.next(it)));
    through.addAll(live.end(log.completed()));
    List<Numbered> later = all(log);
    assertThat(through.subList(through.size() - 9, through.size()))
        .isEqualTo(later.subList(later.size() - 9, later.size()));
  }

  @Test
  void a_first_start_of_a_job_that_came_back_from_its_message_is_behind_a_log_that_was_lost() {
    JobRecord known = Logs.queued();
    JobRecord restored =
        new JobRecord(
            known.job(),
            known.state(),
            true,
            0,
            0,
            0,
            1,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    Logs log = new Logs().start().text("a");
    assertThat(Logs.numbered(log.events(), known).getLast().number()).isEqualTo(5);
    List<Numbered> later = Logs.numbered(log.events(), restored);
    assertThat(later.get(3).part()).isEqualTo(new Numbered.Part.Void());
    assertThat(later.getLast().number()).isGreaterThan(1_000_000);
  }
}

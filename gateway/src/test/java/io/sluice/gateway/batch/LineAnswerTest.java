package io.sluice.gateway.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.Ending;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.JobRecord;
import io.sluice.Jobs;
import io.sluice.Output;
import io.sluice.Usage;
import io.sluice.codec.Json;
import io.sluice.gateway.held.Order;
import io.sluice.gateway.openai.OpenAi;
import io.sluice.gateway.problem.ProblemCode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LineAnswerTest {
  private static final LineAnswer.Head HEAD = LineAnswer.Head.of("batch_0f", 17, "mine");

  private static Order.Whole order() {
    return (Order.Whole)
        OpenAi.chat()
            .read(
                Json.parse(
                    "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"));
  }

  private static JobRecord ended(Ending ending) {
    return new JobRecord(
        Jobs.chat().job(),
        ending.state(),
        true,
        1,
        0,
        0,
        1,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(ending),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void an_answer_is_the_one_of_its_endpoint() {
    Output output = new Output("hello", Optional.empty(), List.of());
    LineAnswer answer =
        LineAnswer.of(HEAD, order(), ended(new Ending.Completed(output, new Usage(7, 42))));
    assertThat(answer.completed()).isTrue();
    assertThat(answer.usage()).isEqualTo(new TokenUse(7, 42, 0));
    JsonNode line = Json.parse(Json.write(answer.line()));
    assertThat(line.path("id").asText()).isEqualTo("batch_req_0f_17");
    assertThat(line.path("custom_id").asText()).isEqualTo("mine");
    assertThat(line.at("/response/status_code").asInt()).isEqualTo(200);
    assertThat(line.at("/response/request_id").asText()).startsWith("job_");
    assertThat(line.at("/response/body/object").asText()).isEqualTo("chat.completion");
    assertThat(line.at("/response/body/choices/0/message/content").asText()).isEqualTo("hello");
    assertThat(line.get("error").isNull()).isTrue();
  }

  @Test
  void an_answer_at_its_limit_is_an_answer() {
    Output output = new Output("hel", Optional.empty(), List.of());
    LineAnswer answer =
        LineAnswer.of(HEAD, order(), ended(new Ending.Incomplete(output, new Usage(7, 3))));
    assertThat(answer.completed()).isTrue();
    assertThat(answer.line().at("/response/body/choices/0/finish_reason").asText())
        .isEqualTo("length");
  }

  @Test
  void a_failed_job_has_the_error_that_its_endpoint_would_have_answered() {
    Failure why = new Failure(FailureCode.ENGINE_CRASHED, "The engine died.");
    LineAnswer answer =
        LineAnswer.of(HEAD, order(), ended(new Ending.Failed(why, Output.NONE, Usage.NONE)));
    assertThat(answer.completed()).isFalse();
    assertThat(answer.usage()).isEqualTo(TokenUse.NONE);
    assertThat(answer.line().at("/response/status_code").asInt()).isEqualTo(502);
    assertThat(answer.line().at("/response/body/error/code").asText()).isEqualTo("engine_crashed");
    assertThat(answer.line().get("error").isNull()).isTrue();
  }

  @Test
  void what_became_no_job_has_its_refusal() {
    LineAnswer answer =
        LineAnswer.refused(HEAD, order(), ProblemCode.LIMIT_NEVER_FITS.with("Too large."));
    assertThat(answer.line().at("/response/status_code").asInt()).isEqualTo(400);
    assertThat(answer.line().at("/response/request_id").asText()).isEqualTo("batch_req_0f_17");
  }

  @Test
  void what_was_never_answered_says_why_and_is_the_same_when_it_is_read_again() {
    LineAnswer answer = LineAnswer.unanswered(HEAD, "batch_expired", "Too late.");
    assertThat(answer.line().get("response").isNull()).isTrue();
    assertThat(answer.line().at("/error/code").asText()).isEqualTo("batch_expired");
    assertThat(LineAnswer.parse(Json.parse(Json.write(answer.json())))).isEqualTo(answer);
  }

  @Test
  void tokens_are_those_that_answers_tell_under_whichever_names() {
    JsonNode response =
        Json.parse(
            "{\"usage\":{\"input_tokens\":3,\"output_tokens\":5,"
                + "\"output_tokens_details\":{\"reasoning_tokens\":2}}}");
    assertThat(TokenUse.of(response).plus(new TokenUse(1, 1, 1))).isEqualTo(new TokenUse(4, 6, 3));
    assertThat(new TokenUse(4, 6, 3).json().path("total_tokens").asLong()).isEqualTo(10);
  }
}

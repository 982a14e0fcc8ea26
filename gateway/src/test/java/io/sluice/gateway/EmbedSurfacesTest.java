package io.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.Embedding;
import io.sluice.Ending;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Job;
import io.sluice.JobKind;
import io.sluice.JobRecord;
import io.sluice.Output;
import io.sluice.Timings;
import io.sluice.Usage;
import io.sluice.codec.Json;
import io.sluice.gateway.TestGateway.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Embeddings as the clients of Ollama and OpenAI ask for them. */
class EmbedSurfacesTest {
  private static final Output TWO =
      Output.NONE.with(List.of(new Embedding(1, -2.5f), new Embedding(0.1f, 0)));

  private final TestGateway sluice = new TestGateway();

  @AfterEach
  void close() {
    sluice.close();
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }

  private static Ending completed(Output output) {
    Timings timings =
        new Timings(
            Optional.of(Duration.ofMillis(30)),
            Optional.of(Duration.ofMillis(10)),
            Optional.empty(),
            Optional.empty());
    return new Ending.Completed(output, new Usage(6, 0).with(timings));
  }

  /** What a client gets whose job ends like this. */
  private Answer answered(String path, String body, Ending ending, String... headers)
      throws Exception {
    int before = sluice.store.all().size();
    CompletableFuture<Answer> answer =
        CompletableFuture.supplyAsync(() -> sluice.json("POST", path, json(body), headers));
    await().until(() -> sluice.store.all().size() > before || answer.isDone());
    assertThat(sluice.store.all()).as("a job").hasSizeGreaterThan(before);
    JobRecord record = sluice.store.all().getFirst();
    sluice.store.claim(record.id());
    sluice.store.finish(record.id(), ending);
    return answer.get(20, TimeUnit.SECONDS);
  }

  private Job job() {
    return sluice.store.all().getFirst().job();
  }

  @Test
  void ollama_s_embed_gives_a_vector_for_each_input_and_what_it_took() throws Exception {
    Answer answer =
        answered(
            "/api/embed",
            "{'model':'qwen3:14b','input':['a','b'],'dimensions':2,'keep_alive':'5m','truncate':true,"
                + "'options':{'num_ctx':99,'temperature':7}}",
            completed(TWO));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body())
        .startsWith(
            json("{'model':'qwen3:14b','embeddings':[[1.0,-2.5],[0.1,0.0]],'total_duration':"));
    assertThat(answer.json().path("load_duration").asLong()).isGreaterThanOrEqualTo(10_000_000);
    assertThat(answer.json().path("prompt_eval_count").asInt()).isEqualTo(6);
    assertThat(answer.json().has("eval_count")).isFalse();
    assertThat(job().kind()).isEqualTo(JobKind.EMBED);
    assertThat(Json.parse(job().request()))
        .isEqualTo(Json.parse(json("{'input':['a','b'],'truncate':true,'dimensions':2}")));
  }

  @Test
  void the_older_embeddings_has_one_prompt_and_one_vector() throws Exception {
    Output one = Output.NONE.with(List.of(new Embedding(1, -2.5f)));
    Answer answer =
        answered("/api/embeddings", "{'model':'qwen3:14b','prompt':'a'}", completed(one));
    assertThat(answer.body()).isEqualTo(json("{'embedding':[1.0,-2.5]}"));
    assertThat(job().request()).isEqualTo(json("{'input':'a'}"));
  }

  @Test
  void openai_s_embeddings_are_numbers_unless_base64_is_asked_for() throws Exception {
    String body = "{'model':'qwen3:14b','input':['a','b'],'user':'u1'%s}";
    Answer numbers = answered("/v1/embeddings", body.formatted(""), completed(TWO));
    assertThat(numbers.body())
        .isEqualTo(
            json(
                "{'object':'list','data':["
                    + "{'object':'embedding','index':0,'embedding':[1.0,-2.5]},"
                    + "{'object':'embedding','index':1,'embedding':[0.1,0.0]}],"
                    + "'model':'qwen3:14b','usage':{'prompt_tokens':6,'total_tokens':6}}"));
    assertThat(job().session()).contains("u1");
    String packed = body.formatted(",'encoding_format':'base64','dimensions':2");
    JsonNode first = answered("/v1/embeddings", packed, completed(TWO)).json().at("/data/0");
    assertThat(first.path("embedding").asText()).isEqualTo("AACAPwAAIMA=");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/api/embed|{'model':'qwen3:14b'}|{'model':'qwen3:14b','embeddings':[]}",
        "/api/embed|{'model':'qwen3:14b','input':''}|{'model':'qwen3:14b','embeddings':[]}",
        "/api/embed|{'model':'qwen3:14b','input':[],'keep_alive':0}|{'model':'qwen3:14b','embeddings':[]}",
        "/api/embeddings|{'model':'qwen3:14b','prompt':''}|{'embedding':[]}",
      })
  void nothing_to_read_costs_no_job(String path, String body, String answer) {
    Answer told = sluice.json("POST", path, json(body));
    assertThat(told.status()).isEqualTo(200);
    assertThat(told.body()).isEqualTo(json(answer));
    assertThat(sluice.store.all()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/api/embed|{'model':'other:1b','input':'a'}|404|model \"other:1b\" not found, try pulling it first",
        "/api/embeddings|{'model':'other:1b','prompt':''}|404|model \"other:1b\" not found, try pulling it first",
        "/api/embed|{'model':'qwen3:14b','input':7}|400|input: It must be a string or a list of strings.",
        "/api/embed|{'model':'qwen3:14b','input':['a',7]}|400|input[1]: It must be a string",
        "/api/embed|{'input':'a'}|400|model: It is missing.",
        "/api/embed|{'model':'qwen3:14b','input':'a','truncate':1}|400|truncate: It must be true or false.",
        "/api/embeddings|{'model':'qwen3:14b','prompt':['a']}|400|prompt: It must be a string.",
      })
  void what_is_wrong_is_told_as_ollama_does(String path, String body, int status, String text) {
    Answer told = sluice.json("POST", path, json(body));
    assertThat(told.status()).as(told.body()).isEqualTo(status);
    assertThat(told.json().path("error").asText()).contains(text);
    assertThat(told.json()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/api/embed|{'model':7,'input':'a'}|model: It must be a string.",
        "/api/chat|{'model':7,'messages':[{'role':'user','content':'a'}]}|model: It must be a string.",
        "/api/embed|{'model':'qwen3:14b','input':{'a':1}}|input: It must be a string or a list of strings.",
      })
  void one_mistake_is_told_once(String path, String body, String text) {
    Answer told = sluice.json("POST", path, json(body));
    assertThat(told.json().path("error").asText()).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'model':'other:1b','input':'a'}|404|model",
        "{'model':'qwen3:14b','input':[1,2,3]}|400|input",
        "{'model':'qwen3:14b','input':[[1,2],[3]]}|400|input",
        "{'model':'qwen3:14b','input':''}|400|input",
        "{'model':'qwen3:14b'}|400|input",
        "{'model':'qwen3:14b','input':'a','encoding_format':'int8'}|400|encoding_format",
        "{'model':'qwen3:14b','input':'a','dimensions':0}|400|dimensions",
        "{'model':'qwen3:14b','input':'a','colour':'blue'}|400|colour",
      })
  void what_is_wrong_is_told_as_openai_does(String body, int status, String param) {
    Answer told = sluice.json("POST", "/v1/embeddings", json(body));
    assertThat(told.status()).as(told.body()).isEqualTo(status);
    JsonNode error = told.json().path("error");
    assertThat(error.path("param").asText()).isEqualTo(param);
    assertThat(error.has("message") && error.has("type") && error.has("code")).isTrue();
    assertThat(sluice.store.all()).isEmpty();
  }

  @Test
  void an_input_that_no_context_holds_is_refused_where_the_client_says_nothing_of_cutting() {
    String body = json("{'model':'qwen3:14b','input':'%s'}").formatted("word ".repeat(17_000));
    for (String path : List.of("/api/embed", "/v1/embeddings")) {
      Answer told = sluice.json("POST", path, body);
      assertThat(told.status()).as(told.body()).isEqualTo(400);
      assertThat(told.body()).contains("The longest input has");
    }
  }

  @Test
  void what_an_engine_refuses_is_the_client_s_fault_and_told_with_its_reason() throws Exception {
    Failure why = new Failure(FailureCode.INVALID_REQUEST, "The model makes no embeddings.");
    Ending failed = new Ending.Failed(why, Output.NONE, Usage.NONE);
    Answer ollama = answered("/api/embed", "{'model':'qwen3:14b','input':'a'}", failed);
    assertThat(ollama.status()).isEqualTo(400);
    assertThat(ollama.json().path("error").asText()).contains(why.message());
    Answer openAi = answered("/v1/embeddings", "{'model':'qwen3:14b','input':'a'}", failed);
    assertThat(openAi.status()).isEqualTo(400);
    assertThat(openAi.json().at("/error/message").asText()).contains(why.message());
  }

  @Test
  void the_scope_to_chat_is_none_to_embed() {
    String chats = "Bearer " + sluice.key("default", Set.of("ollama:chat"));
    for (String path : List.of("/api/embed", "/v1/embeddings")) {
      String body = json("{'model':'qwen3:14b','input':'a'}");
      assertThat(sluice.json("POST", path, body, "Authorization", chats).status()).isEqualTo(403);
    }
    assertThat(sluice.store.all()).isEmpty();
  }
}

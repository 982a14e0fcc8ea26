package io.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Job;
import io.sluice.Jobs;
import io.sluice.Pool;
import io.sluice.codec.Json;
import io.sluice.enginesim.EngineSim;
import io.sluice.enginesim.SimConfig;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 500 jobs of two context classes, whose clients ask for everything that makes Ollama load its
 * model again or cut a prompt: neither ever happens, and each prompt is read whole or refused.
 *
 * <p>Four of five come in at the gateway, where such an option is refused; each is sent again
 * without it, every other one with sampling options of its own. One of five lies in its lane with
 * all foreign options in it, as a gateway of another version might leave it, so that the worker is
 * alone with it.
 */
class MixedOptionsIT {
  private static final int JOBS = 500;
  private static final int ANSWER_TOKENS = 12;
  private static final Pool SMALL = Pool.parse("qwen3:14b@8k");
  private static final Pool LARGE = Pool.parse("qwen3:14b@16k");

  /** More than fits the small class with any prompt. */
  private static final int LONG_OUTPUT = 9_000;

  private static final List<String> OPTIONS =
      List.of(
          "{\"num_ctx\":2048}",
          "{\"num_ctx\":131072}",
          "{\"num_batch\":128}",
          "{\"num_gpu\":1}",
          "{\"main_gpu\":1}",
          "{\"num_thread\":2}",
          "{\"use_mmap\":false}",
          "{\"draft_num_predict\":4}",
          "{\"num_predict\":3}");

  private static final List<String> FIELDS =
      List.of(
          "{\"keep_alive\":0}",
          "{\"keep_alive\":\"1s\"}",
          "{\"shift\":true}",
          "{\"truncate\":true}",
          "{\"stream\":false}");

  private static final JsonNode ALL_OPTIONS =
      Json.parse(
          """
          {"num_ctx":2048,"num_batch":128,"num_gpu":1,"main_gpu":1,"num_thread":2,"use_mmap":false,
           "draft_num_predict":4,"num_predict":3,"temperature":0.5}""");

  @TempDir Path folder;

  private final Instant deadline = Instant.now().plus(Duration.ofMinutes(8));

  /** By the ids of jobs that are to be completed, their prompts. */
  private final Map<String, String> prompts = new HashMap<>();

  @Test
  void no_option_of_a_client_loads_a_model_again_and_no_prompt_is_cut() throws Exception {
    SimConfig engine = SimConfig.DEFAULT.slots(Cluster.SLOTS).answerTokens(ANSWER_TOKENS);
    try (Cluster cluster =
            new Cluster(
                folder,
                List.of(
                    new Cluster.Node(SMALL.toString(), engine),
                    new Cluster.Node(LARGE.toString(), engine)));
        OldMessages old = new OldMessages(cluster, List.of(SMALL, LARGE))) {
      submit(cluster, old);
      List<String> overlong = submitOverlong(cluster, old);

      Map<String, JsonNode> ended = awaitEnded(cluster, JOBS + overlong.size());
      prompts.forEach((id, prompt) -> assertCompleted(cluster, prompt, ended.get(id)));
      for (String id : overlong) {
        assertThat(ended.get(id).path("state").asText()).isEqualTo("failed");
        assertThat(ended.get(id).at("/error/code").asText()).isEqualTo("context_length_exceeded");
      }
      for (EngineSim each : cluster.engines) {
        assertThat(each.stats().loads()).as("%s", each.stats()).isOne();
        assertThat(each.stats().reloads()).as("%s", each.stats()).isZero();
        assertThat(each.stats().truncated()).as("%s", each.stats()).isZero();
        assertThat(each.stats().openMax()).isLessThanOrEqualTo(Cluster.SLOTS);
      }
      assertTheEngineWouldHave(cluster);
    }
  }

  private void submit(Cluster cluster, OldMessages old) throws Exception {
    Submitter submitter = new Submitter(cluster.http, cluster.url, cluster.key);
    for (int n = 0; n < JOBS; n++) {
      if (n % 5 == 4) {
        Job job = Jobs.chat().pool(pool(n)).request(Json.write(foreign(prompt(n)))).job();
        prompts.put(job.id().value(), prompt(n));
        old.leave(job);
      } else {
        ObjectNode job = job(n, prompt(n));
        assertRefused(submitter, n, job(n, "refused " + n));
        prompts.put(submitter.submit(n % 2 == 0 ? sampled(n, job) : job, deadline), prompt(n));
      }
    }
  }

  private static String prompt(int n) {
    return "number " + n;
  }

  private static Pool pool(int n) {
    return n % 3 == 0 ? LARGE : SMALL;
  }

  /** A chat or a single prompt, of the class that its longest output needs. */
  private static ObjectNode job(int n, String prompt) {
    ObjectNode job = Json.object().put("model", SMALL.model());
    if (n % 4 < 2) {
      message(job, "user", prompt);
    } else {
      job.put("prompt", prompt);
    }
    return pool(n).equals(LARGE) ? job.put("max_output_tokens", LONG_OUTPUT) : job;
  }

  private static void message(ObjectNode chat, String role, String content) {
    chat.withArrayProperty("messages").addObject().put("role", role).put("content", content);
  }

  /** With options that no other job can feel, different ones for each. */
  private static ObjectNode sampled(int n, ObjectNode job) {
    job.putObject("options")
        .put("temperature", n % 20 / 10.0)
        .put("top_k", 1 + n % 40)
        .put("top_p", 0.5 + n % 50 / 100.0)
        .put("seed", n)
        .put("num_keep", n % 8)
        .put("repeat_penalty", 1 + n % 3 / 10.0)
        .putArray("stop")
        .add("</" + n + ">");
    if (n % 4 == 0) {
      job.put("think", true);
    }
    return n % 6 == 0 ? job.put("format", "json") : job;
  }

  private static ObjectNode foreign(String prompt) {
    ObjectNode request = Json.object().put("keep_alive", 0).put("shift", true);
    request.put("truncate", true).put("stream", false).set("options", ALL_OPTIONS.deepCopy());
    message(request, "user", prompt);
    return request;
  }

  private static void assertRefused(Submitter submitter, int n, ObjectNode job) throws Exception {
    String foreign =
        n % 2 == 0 ? OPTIONS.get(n / 2 % OPTIONS.size()) : FIELDS.get(n / 2 % FIELDS.size());
    JsonNode added = Json.parse(foreign);
    if (n % 2 == 0) {
      job.set("options", added);
    } else {
      job.setAll((ObjectNode) added);
    }
    HttpResponse<String> answer = submitter.ask(job);
    assertThat(answer.statusCode()).as(job + ": " + answer.body()).isEqualTo(422);
    assertThat(answer.body()).contains(added.fieldNames().next());
  }

  /**
   * Prompts that the class does not hold: refused at the gateway, and given to the worker alone.
   *
   * @return the ids of the latter
   */
  private List<String> submitOverlong(Cluster cluster, OldMessages old) throws Exception {
    Submitter submitter = new Submitter(cluster.http, cluster.url, cluster.key);
    String tooLong = "word ".repeat(LARGE.contextTokens() + 100);
    for (String model : List.of(SMALL.model(), SMALL.toString())) {
      ObjectNode job = Json.object().put("model", model).put("prompt", tooLong);
      HttpResponse<String> answer = submitter.ask(job);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
      assertThat(answer.body()).contains("context_length_exceeded");
    }
    List<String> ids = new ArrayList<>();
    for (Pool pool : List.of(SMALL, LARGE)) {
      String words = "word ".repeat(pool.contextTokens() + 100);
      ObjectNode inOneMessage = foreign(words);
      ObjectNode inEarlierOnes = Json.object();
      message(inEarlierOnes, "user", words);
      message(inEarlierOnes, "assistant", "Yes.");
      ObjectNode last = foreign("overlong " + pool);
      last.remove("messages");
      inEarlierOnes.setAll(last);
      message(inEarlierOnes, "user", "overlong " + pool);
      for (ObjectNode request : List.of(inOneMessage, inEarlierOnes)) {
        Job job = Jobs.chat().pool(pool).request(Json.write(request)).job();
        old.leave(job);
        ids.add(job.id().value());
      }
    }
    return ids;
  }

  private Map<String, JsonNode> awaitEnded(Cluster cluster, int jobs) throws Exception {
    JobList list = new JobList(cluster.http, cluster.url, cluster.key);
    Awaitility.await("every job to end")
        .atMost(Duration.between(Instant.now(), deadline))
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> list.allEnded() && list.all().size() >= jobs);
    Map<String, JsonNode> ended = list.all();
    assertThat(ended).hasSize(jobs);
    return ended;
  }

  /** By the engine of its class, once, and with the length that its client asked for. */
  private static void assertCompleted(Cluster cluster, String prompt, JsonNode job) {
    int n = Integer.parseInt(prompt.substring(prompt.indexOf(' ') + 1));
    EngineSim own = cluster.engines.get(pool(n).equals(SMALL) ? 0 : 1);
    EngineSim other = cluster.engines.get(pool(n).equals(SMALL) ? 1 : 0);
    assertThat(job.path("state").asText()).as("%s", job).isEqualTo("completed");
    assertThat(job.at("/usage/completion_tokens").asInt())
        .as("num_predict of others cut it: %s", job)
        .isGreaterThanOrEqualTo(n % 2 == 0 && n % 5 != 4 && n % 6 == 0 ? 4 : ANSWER_TOKENS);
    assertThat(own.runs(prompt)).as(prompt).isOne();
    assertThat(other.runs(prompt) + own.runs("refused " + n) + other.runs("refused " + n))
        .as(prompt)
        .isZero();
  }

  /** What did not happen is something that this engine does, when it is asked as clients did. */
  private void assertTheEngineWouldHave(Cluster cluster) throws Exception {
    EngineSim engine = cluster.engines.getFirst();
    ObjectNode chat = foreign("word ".repeat(3_000)).put("model", SMALL.model());
    HttpResponse<String> answer =
        cluster.http.send(
            HttpRequest.newBuilder(engine.uri().resolve("/api/chat"))
                .POST(HttpRequest.BodyPublishers.ofString(Json.write(chat)))
                .timeout(Duration.ofSeconds(20))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(engine.stats().reloads()).isOne();
    assertThat(engine.stats().truncated()).isOne();
  }
}

package io.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.codec.Json;
import io.sluice.enginesim.SimConfig;
import io.sluice.enginesim.SimText;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client reads a stream, and the worker that makes it is killed in the middle of the answer. */
class ContinuedAnswerIT {
  private static final String PROMPT = "Tell me of a worker that was lost.";
  private static final int TOKENS = 40;
  private static final int READ_BEFORE = 8;

  @TempDir Path folder;

  @Test
  @Timeout(180)
  void a_stream_whose_worker_is_killed_goes_on_and_says_nothing_twice() throws Exception {
    SimConfig engine = Cluster.simulated(Duration.ofMillis(100)).answerTokens(TOKENS);
    Cluster.Node node = new Cluster.Node(Cluster.MODEL, engine);
    try (Cluster cluster =
        new Cluster(folder, List.of(node, node), Map.of("SLUICE_CONTINUE", "on"))) {
      List<JsonNode> lines = new ArrayList<>();
      try (Stream<String> stream = ask(cluster)) {
        Iterator<String> all = stream.iterator();
        while (lines.size() < READ_BEFORE) {
          lines.add(Json.parse(all.next()));
        }
        cluster.workers.get(working(cluster)).kill9();
        all.forEachRemaining(line -> lines.add(Json.parse(line)));
      }

      assertThat(lines.getLast().path("done").asBoolean()).as("%s", lines.getLast()).isTrue();
      assertThat(lines.getLast().path("done_reason").asText()).isEqualTo("stop");
      assertThat(said(lines)).isEqualTo(SimText.answer(PROMPT, engine.seed()).first(TOKENS));
      assertThat(lines.getLast().path("eval_count").asInt()).isPositive();
    }
  }

  private static Stream<String> ask(Cluster cluster) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(cluster.url.resolve("/api/chat"))
            .header("Authorization", "Bearer " + cluster.key)
            .header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(60))
            .POST(HttpRequest.BodyPublishers.ofString(Json.write(chat())))
            .build();
    HttpResponse<Stream<String>> answer =
        cluster.http.send(request, HttpResponse.BodyHandlers.ofLines());
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  private static JsonNode chat() {
    var body = Json.object().put("model", Cluster.MODEL).put("think", false);
    body.putArray("messages").addObject().put("role", "user").put("content", PROMPT);
    return body;
  }

  private static int working(Cluster cluster) {
    return IntStream.range(0, cluster.engines.size())
        .filter(n -> cluster.engines.get(n).stats().open() > 0)
        .findFirst()
        .orElseThrow();
  }

  private static String said(List<JsonNode> lines) {
    return lines.stream()
        .map(line -> line.at("/message/content").asText())
        .collect(Collectors.joining());
  }
}

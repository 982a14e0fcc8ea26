package io.sluice.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.codec.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All jobs of a key's tenant, as a client lists them. */
record JobList(HttpClient http, URI server, String key) {

  /** Whether every job has ended; no listing by state says so while jobs go from one to another. */
  boolean allEnded() throws IOException, InterruptedException {
    return !anyOpen() && all().values().stream().noneMatch(job -> job.path("ended_at").isNull());
  }

  private boolean anyOpen() throws IOException, InterruptedException {
    for (String state : List.of("queued", "in_progress", "cancelling")) {
      if (!page("state=" + state + "&limit=1").path("data").isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** By their ids. */
  Map<String, JsonNode> all() throws IOException, InterruptedException {
    Map<String, JsonNode> jobs = new HashMap<>();
    String query = "limit=100";
    while (true) {
      JsonNode page = page(query);
      page.path("data").forEach(job -> jobs.put(job.path("id").asText(), job));
      if (!page.path("has_more").asBoolean()) {
        return jobs;
      }
      query = "limit=100&after=" + page.path("next").asText();
    }
  }

  /** What held a job, step by step. */
  JsonNode explained(String id) throws IOException, InterruptedException {
    return get("/v1/jobs/" + id + "/explain");
  }

  private JsonNode page(String query) throws IOException, InterruptedException {
    return get("/v1/jobs?" + query);
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(server.resolve(path))
                .header("Authorization", "Bearer " + key)
                .timeout(Duration.ofSeconds(20))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return Json.parse(response.body());
  }
}

package io.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.gateway.TestGateway.Answer;
import io.sluice.gateway.files.FilesConfig;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Files API: what is uploaded is there, exactly so, and only for its tenant. */
class FileRoutesTest {
  private final TestGateway sluice =
      new TestGateway(it -> it.files(new FilesConfig(100_000, 300_000, 400_000, 5, 3, 2)));

  @AfterEach
  void close() {
    sluice.close();
  }

  @Test
  void a_file_is_told_as_openai_tells_it() {
    long now = Instant.now().getEpochSecond();
    JsonNode file = uploaded(Form.of("lines.jsonl", "hello").text("purpose", "user_data"));
    assertThat(file.path("created_at").asLong()).isBetween(now - 1, now + 60);
    assertThat(file.toString())
        .isEqualTo(
            "{\"id\":%s,\"object\":\"file\",\"bytes\":5,\"created_at\":%s,\"expires_at\":null,"
                    .formatted(file.path("id"), file.path("created_at"))
                + "\"filename\":\"lines.jsonl\",\"purpose\":\"user_data\",\"status\":\"processed\","
                + "\"status_details\":null}");
    assertThat(sluice.get("/v1/files/" + id(file)).json()).isEqualTo(file);
    assertThat(sluice.get("/v1/files").json().path("data").path(0)).isEqualTo(file);
    Answer content = sluice.get("/v1/files/" + id(file) + "/content");
    assertThat(content.body()).isEqualTo("hello");
    assertThat(content.header("Content-Type")).isEqualTo("application/octet-stream");
    assertThat(content.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(content.header("Content-Disposition"))
        .isEqualTo("attachment; filename*=UTF-8''lines.jsonl");
    assertThat(sluice.delete("/v1/files/" + id(file)).body())
        .isEqualTo("{\"id\":\"%s\",\"object\":\"file\",\"deleted\":true}".formatted(id(file)));
    assertThat(sluice.get("/v1/files/" + id(file)).status()).isEqualTo(404);
    assertThat(sluice.files.names()).isEmpty();
  }

  @Test
  void what_is_said_of_a_file_may_come_before_or_after_it() {
    Form before =
        new Form("")
            .text("purpose", "batch")
            .text("expires_after[anchor]", "created_at")
            .text("expires_after[seconds]", "3600")
            .file("a", "x");
    Form after =
        Form.of("a", "x")
            .text("expires_after[seconds]", "3600")
            .text("purpose", "batch")
            .text("expires_after[anchor]", "created_at");
    for (Form form : List.of(before, after)) {
      JsonNode file = uploaded(form);
      assertThat(file.path("expires_at").asLong() - file.path("created_at").asLong())
          .isBetween(3_599L, 3_601L);
    }
    JsonNode standard = uploaded(Form.of("a", "x").text("purpose", "batch"));
    assertThat(standard.path("expires_at").asLong() - standard.path("created_at").asLong())
        .isBetween(2_591_999L, 2_592_001L);
  }

  @ParameterizedTest
  @CsvSource({
    "purpose, nonsense",
    "purpose, batch_output",
    "expires_after[seconds], 3599",
    "expires_after[seconds], 2592001",
    "expires_after[seconds], x",
    "expires_after[anchor], last_used_at",
    "something, else"
  })
  void what_is_wrong_with_a_form_is_told_by_its_parameter(String name, String value) {
    Form form = new Form("");
    for (String[] field :
        new String[][] {
          {"purpose", "batch"},
          {"expires_after[anchor]", "created_at"},
          {"expires_after[seconds]", "7200"}
        }) {
      form = field[0].equals(name) ? form : form.text(field[0], field[1]);
    }
    Answer answer = upload(form.file("a", "x").text(name, value));
    assertThat(answer.status()).isEqualTo(400);
    JsonNode error = answer.json().path("error");
    assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
    assertThat(error.path("param").asText()).isEqualTo(name);
    assertThat(sluice.files.names()).isEmpty();
  }

  @Test
  void a_form_without_a_file_or_a_purpose_is_refused_by_its_name() {
    assertThat(upload(new Form("").text("purpose", "batch")).json().path("error").path("param"))
        .hasToString("\"file\"");
    assertThat(upload(Form.of("a", "x")).json().path("error").path("param"))
        .hasToString("\"purpose\"");
    assertThat(upload(Form.of("a", "x").file("b", "y").text("purpose", "batch")).status())
        .isEqualTo(400);
    assertThat(sluice.files.names()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nothing",
        "--x\r\n",
        "--x",
        "--x--\r\n",
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nhello",
        "--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nhello\r\n--xx\r\n",
        "--x\r\nContent-Disposition: form-data\r\n\r\nhello\r\n--x--",
        "--x\r\nContent-Disposition: form-data; name=\"file\"; ;\r\n\r\nhello\r\n--x--",
        "--x\r\n\r\nhello\r\n--x--"
      })
  void what_is_no_form_is_refused(String body) {
    Answer answer =
        sluice.send(
            "POST", "/v1/files", body, "Content-Type", "multipart/form-data; boundary=\"x\"");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(sluice.files.names()).isEmpty();
  }

  @Test
  void a_name_that_is_nearly_as_long_as_a_head_may_be_is_refused_and_not_left_unanswered() {
    String name = "\\\"x".repeat(2_600);
    assertThat(upload(Form.of(name, "x").text("purpose", "batch")).status()).isEqualTo(400);
  }

  @Test
  void heads_of_parts_are_bounded() {
    Form endless = new Form("").part("name=\"" + "x".repeat(9_000) + "\"", "x");
    assertThat(upload(endless).status()).isEqualTo(400);
    assertThat(upload(Form.of("a".repeat(600), "x").text("purpose", "batch")).status())
        .isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../etc/passwd",
        "C:\\\\dir\\\\file",
        "/",
        "a\u0001\u007fb",
        "%0d%0aSet-Cookie: x",
        "日本語 🎉.jsonl",
        "<script>.html",
        ".."
      })
  void a_name_is_only_ever_data(String name) {
    JsonNode file = uploaded(Form.of(name, "x").text("purpose", "batch"));
    assertThat(file.path("filename").asText()).isEqualTo(name.replace("\\\\", "\\"));
    Answer content = sluice.get("/v1/files/" + id(file) + "/content");
    assertThat(content.status()).isEqualTo(200);
    assertThat(content.header("Content-Disposition"))
        .matches("attachment; filename\\*=UTF-8''[a-zA-Z0-9%._*-]+");
    assertThat(sluice.files.names()).allMatch(it -> it.matches("[a-zA-Z0-9/-]+"));
  }

  @Test
  void a_file_that_looks_like_boundaries_comes_out_as_it_went_in() {
    String near = "\r\n------boundary7MA4YWxkTrZu0g";
    String content = near.repeat(3_000) + "\r\r\n--\r\n-" + near;
    JsonNode file = uploaded(Form.of("a", content).text("purpose", "batch"));
    assertThat(sluice.get("/v1/files/" + id(file) + "/content").body()).isEqualTo(content);
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 206, 0, bytes 0-0/10",
    "bytes=2-4, 206, 234, bytes 2-4/10",
    "bytes=7-, 206, 789, bytes 7-9/10",
    "bytes=7-99, 206, 789, bytes 7-9/10",
    "bytes=-3, 206, 789, bytes 7-9/10",
    "bytes=-99, 200, 0123456789, ''",
    "bytes=4-2, 200, 0123456789, ''",
    "'bytes=0-1,3-4', 200, 0123456789, ''",
    "lines=0-1, 200, 0123456789, ''"
  })
  void a_range_of_bytes_may_be_asked_for(String range, int status, String body, String header) {
    String path = content("0123456789");
    Answer answer = sluice.get(path, "Range", range);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body()).isEqualTo(body);
    assertThat(answer.header("Content-Range")).isEqualTo(header);
    Answer head = sluice.send("HEAD", path, "", "Range", range);
    assertThat(head.status()).isEqualTo(status);
    assertThat(head.header("Content-Length")).isEqualTo(String.valueOf(body.length()));
    assertThat(head.body()).isEmpty();
  }

  @Test
  void a_range_that_is_not_there_is_refused_and_one_of_another_file_is_the_whole() {
    String path = content("0123456789");
    for (String range : List.of("bytes=10-", "bytes=-0")) {
      Answer answer = sluice.get(path, "Range", range);
      assertThat(answer.status()).isEqualTo(416);
      assertThat(answer.header("Content-Range")).isEqualTo("bytes */10");
    }
    String tag = sluice.get(path).header("ETag");
    assertThat(sluice.get(path, "Range", "bytes=0-1", "If-Range", tag).body()).isEqualTo("01");
    assertThat(sluice.get(path, "Range", "bytes=0-1", "If-Range", "\"x\"").status()).isEqualTo(200);
  }

  @Test
  void an_empty_file_has_no_bytes() {
    Answer answer = sluice.get(content(""));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void files_are_listed_newest_first_page_by_page_and_by_purpose() {
    List<String> ids = new ArrayList<>();
    for (String purpose : List.of("batch", "user_data", "batch", "batch")) {
      ids.add(id(uploaded(Form.of("a", "x").text("purpose", purpose))));
    }
    JsonNode page = sluice.get("/v1/files?limit=2").json();
    assertThat(ids(page)).containsExactly(ids.get(3), ids.get(2));
    assertThat(page.path("has_more").asBoolean()).isTrue();
    assertThat(page.path("first_id").asText()).isEqualTo(ids.get(3));
    assertThat(page.path("last_id").asText()).isEqualTo(ids.get(2));
    JsonNode rest = sluice.get("/v1/files?purpose=batch&after=" + ids.get(2)).json();
    assertThat(ids(rest)).containsExactly(ids.get(0));
    assertThat(rest.path("has_more").asBoolean()).isFalse();
    assertThat(ids(sluice.get("/v1/files?order=asc&limit=1").json())).containsExactly(ids.get(0));
    assertThat(sluice.get("/v1/files?order=x").status()).isEqualTo(400);
    assertThat(sluice.get("/v1/files?after=x").status()).isEqualTo(400);
  }

  @Test
  void a_key_without_the_scope_gets_nowhere() {
    String[] key = {"Authorization", "Bearer " + sluice.key("default", Set.of("ollama:chat"))};
    String path = "/v1/files/" + id(uploaded(Form.of("a", "x").text("purpose", "batch")));
    assertThat(upload(Form.of("a", "x").text("purpose", "batch"), key).status()).isEqualTo(403);
    assertThat(sluice.get("/v1/files", key).status()).isEqualTo(403);
    assertThat(sluice.get(path, key).status()).isEqualTo(403);
    assertThat(sluice.get(path + "/content", key).status()).isEqualTo(403);
    assertThat(sluice.delete(path, key).status()).isEqualTo(403);
  }

  @Test
  void a_file_is_bounded_by_its_purpose_whichever_comes_first() {
    String large = "x".repeat(100_001);
    assertThat(upload(Form.of("a", large).text("purpose", "batch")).status()).isEqualTo(413);
    assertThat(upload(new Form("").text("purpose", "batch").file("a", large)).status())
        .isEqualTo(413);
    assertThat(sluice.files.names()).isEmpty();
    assertThat(upload(Form.of("a", large).text("purpose", "user_data")).status()).isEqualTo(200);
  }

  @Test
  void a_tenant_keeps_so_many_bytes_and_files_and_what_is_deleted_makes_room() {
    Form large = Form.of("a", "x".repeat(250_000)).text("purpose", "user_data");
    String path = "/v1/files/" + id(uploaded(large));
    Answer refused = upload(large);
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.json().path("error").path("code").asText())
        .isEqualTo("storage_quota_exceeded");
    sluice.delete(path);
    uploaded(large);
    for (int n = 1; n < 5; n++) {
      uploaded(Form.of("a", "x").text("purpose", "batch"));
    }
    assertThat(upload(Form.of("a", "x").text("purpose", "batch")).status()).isEqualTo(403);
    String[] other = {"Authorization", "Bearer " + sluice.key("other", Set.of("batch"))};
    assertThat(upload(large, other).status()).isEqualTo(200);
  }

  @Test
  void a_client_that_leaves_in_the_middle_leaves_nothing_and_frees_its_place() throws IOException {
    for (int n = 0; n < 3; n++) {
      try (RawClient client = new RawClient(sluice)) {
        client.send(head("Content-Length: 90000")).send(begun("x".repeat(40_000)));
        awaitUploads(1);
      }
      awaitUploads(0);
    }
    uploaded(Form.of("a", "x").text("purpose", "batch"));
    assertThat(sluice.files.names()).hasSize(3);
  }

  @Test
  void who_is_slow_holds_its_own_place_and_nobody_elses() throws IOException {
    String[] other = {"Authorization", "Bearer " + sluice.key("other", Set.of("batch"))};
    Form form = Form.of("a", "x").text("purpose", "batch");
    try (RawClient one = new RawClient(sluice);
        RawClient two = new RawClient(sluice)) {
      for (RawClient slow : List.of(one, two)) {
        slow.send(head("Content-Length: 90000")).send(begun("x"));
      }
      awaitUploads(2);
      assertThat(upload(form).status()).isEqualTo(429);
      assertThat(upload(form, other).status()).isEqualTo(200);
      assertThat(one.rest()).startsWith("HTTP/1.1 408 ").contains("within each");
    }
    awaitUploads(0);
    uploaded(form);
  }

  @Test
  void while_the_files_are_away_a_client_may_try_again_later() {
    sluice.files.away(true);
    Answer answer = upload(Form.of("a", "x").text("purpose", "batch"));
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).isNotEmpty();
    sluice.files.away(false);
    uploaded(Form.of("a", "x").text("purpose", "batch"));
  }

  private String head(String more) {
    return "POST /v1/files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\n%s\r\n\r\n"
        .formatted(sluice.key, Form.type(), more);
  }

  private static String begun(String content) {
    return Form.of("a", content).parts();
  }

  private void awaitUploads(int count) {
    await().until(() -> (int) sluice.meters.get("sluice.gateway.uploads").gauge().value() == count);
  }

  private String content(String text) {
    return "/v1/files/"
        + id(uploaded(Form.of("a", text).text("purpose", "user_data")))
        + "/content";
  }

  private Answer upload(Form form, String... headers) {
    return sluice.send(
        "POST", "/v1/files", form.body(), TestGateway.with(headers, "Content-Type", Form.type()));
  }

  private JsonNode uploaded(Form form) {
    Answer answer = upload(form);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json();
  }

  private static String id(JsonNode file) {
    return file.path("id").asText();
  }

  private static List<String> ids(JsonNode page) {
    List<String> ids = new ArrayList<>();
    page.path("data").forEach(file -> ids.add(id(file)));
    return ids;
  }
}

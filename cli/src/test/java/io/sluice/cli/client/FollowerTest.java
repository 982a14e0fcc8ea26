package io.sluice.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A reader against a server that says exactly what the test wants. */
class FollowerTest {
  private static final String ID = "job_0190a2b3c4d57e6f8a9b0c1d2e3f4a5b";
  private static final String DONE = "{\"id\":\"" + ID + "\",\"state\":\"completed\"}";

  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final List<String> lastEventIds = Collections.synchronizedList(new ArrayList<>());
  private final StringBuilder told = new StringBuilder();
  private HttpServer server;
  private Jobs jobs;

  private record Answer(int status, String header, String body) {}

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
    URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    jobs = new Jobs(new Api(url, Optional.empty()), InstantSource.system());
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void goes_on_after_the_last_event_when_the_connection_breaks() {
    stream("id: 5.0\nevent: start\ndata: {\"attempt\":1}\n\n" + token("5.1", "a") + "id: 5.2\nda");
    stream(token("5.2", "b"));
    stream(token("5.3", "c") + "id: 5.4\nevent: end\ndata: " + DONE + "\n\n");
    assertThat(follow().path("state").asText()).isEqualTo("completed");
    assertThat(told).hasToString("<1>a~b~c");
    assertThat(lastEventIds).containsExactly("", "5.1", "5.2");
  }

  @Test
  void a_new_attempt_is_told_as_one() {
    stream(
        token("5.1", "a")
            + "id: 9.0\nevent: reset\ndata: {\"attempt\":2,\"reason\":\"worker_lost\"}\n\n"
            + token("9.1", "b")
            + "id: 9.2\nevent: end\ndata: "
            + DONE
            + "\n\n");
    follow();
    assertThat(told).hasToString("a<2 worker_lost>b");
  }

  @Test
  void a_reader_that_has_seen_the_end_is_given_the_job() {
    answers.add(new Answer(204, "", ""));
    answers.add(new Answer(200, "", DONE));
    assertThat(follow().path("state").asText()).isEqualTo("completed");
  }

  @Test
  void a_server_that_is_not_ready_is_asked_again_when_it_says() {
    answers.add(new Answer(503, "0", "{\"code\":\"store_recovering\",\"detail\":\"Wait.\"}"));
    stream("id: 5.4\nevent: end\ndata: " + DONE + "\n\n");
    assertThat(follow().path("state").asText()).isEqualTo("completed");
  }

  @Test
  void nobody_there_at_first_is_said_at_once() {
    Jobs nowhere =
        new Jobs(
            new Api(URI.create("http://127.0.0.1:1"), Optional.empty()), InstantSource.system());
    Refusal refusal = catchThrowableOfType(Refusal.class, () -> nowhere.follow(ID, new Telling()));
    assertThat(refusal.exit()).isEqualTo(Exit.UNAVAILABLE);
    assertThat(told).isEmpty();
  }

  @Test
  void a_credential_that_ends_in_the_middle_ends_the_reading_with_its_reason() {
    stream(
        token("5.1", "a")
            + "event: error\ndata: {\"code\":\"unauthorized\",\"status\":401,"
            + "\"detail\":\"It does not hold any longer.\"}\n\n");
    Refusal refusal = catchThrowableOfType(Refusal.class, this::follow);
    assertThat(refusal).hasMessage("unauthorized: It does not hold any longer.");
    assertThat(refusal.exit()).isEqualTo(Exit.REFUSED);
    assertThat(lastEventIds).containsExactly("");
  }

  @Test
  void a_store_that_is_away_in_the_middle_is_waited_for() {
    stream(
        token("5.1", "a")
            + "event: error\ndata: {\"code\":\"store_unavailable\",\"status\":503,"
            + "\"detail\":\"Come back.\"}\n\n");
    stream("id: 5.4\nevent: end\ndata: " + DONE + "\n\n");
    assertThat(follow().path("state").asText()).isEqualTo("completed");
    assertThat(lastEventIds).containsExactly("", "5.1");
  }

  @Test
  void a_refusal_is_not_asked_again() {
    answers.add(new Answer(404, "", "{\"code\":\"job_not_found\",\"detail\":\"No such job.\"}"));
    Refusal refusal = catchThrowableOfType(Refusal.class, this::follow);
    assertThat(refusal).hasMessage("job_not_found: No such job.");
    assertThat(refusal.exit()).isEqualTo(Exit.REFUSED);
  }

  @Test
  void a_wait_of_minutes_is_not_waited_out() {
    answers.add(new Answer(503, "600", "{\"code\":\"queue_unavailable\",\"detail\":\"Away.\"}"));
    Refusal refusal = catchThrowableOfType(Refusal.class, this::follow);
    assertThat(refusal.exit()).isEqualTo(Exit.UNAVAILABLE);
  }

  @Test
  void what_answers_without_being_sluice_is_named_as_that() {
    answers.add(new Answer(404, "", "<html>nothing here</html>"));
    assertThat(catchThrowableOfType(Refusal.class, this::follow))
        .hasMessage("HTTP 404 from something that is not Sluice");
  }

  @Test
  void every_problem_of_a_submission_is_in_its_line() {
    answers.add(
        new Answer(
            422,
            "",
            "{\"code\":\"invalid\",\"detail\":\"Two things.\",\"errors\":[{\"pointer\":\"/a\","
                + "\"detail\":\"one\"},{\"pointer\":\"/b\",\"detail\":\"two\"}]}"));
    Refusal refusal =
        catchThrowableOfType(Refusal.class, () -> jobs.submit(io.sluice.codec.Json.object()));
    assertThat(refusal).hasMessage("invalid: Two things.; /a one; /b two");
  }

  private JsonNode follow() {
    return jobs.follow(ID, new Telling());
  }

  private void stream(String body) {
    answers.add(new Answer(200, "", body));
  }

  private static String token(String id, String text) {
    return "id: " + id + "\nevent: token\ndata: {\"text\":\"" + text + "\"}\n\n";
  }

  private void answer(HttpExchange http) throws IOException {
    if (http.getRequestURI().getPath().endsWith("/events")) {
      String last = http.getRequestHeaders().getFirst("Last-Event-ID");
      lastEventIds.add(last == null ? "" : last);
    }
    http.getRequestBody().readAllBytes();
    Answer answer = answers.remove();
    if (!answer.header().isEmpty()) {
      http.getResponseHeaders().add("Retry-After", answer.header());
    }
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    http.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
    http.getResponseBody().write(body);
    http.close();
  }

  private final class Telling implements JobReader {
    @Override
    public void started(int attempt) {
      told.append('<').append(attempt).append('>');
    }

    @Override
    public void reset(int attempt, String reason) {
      told.append('<').append(attempt).append(' ').append(reason).append('>');
    }

    @Override
    public void token(String text) {
      told.append(text);
    }

    @Override
    public void reconnecting() {
      told.append('~');
    }
  }
}

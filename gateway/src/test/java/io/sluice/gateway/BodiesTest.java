package io.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every route that takes a body bounds it in the same ways. */
class BodiesTest {
  private static final TestGateway SLUICE = new TestGateway(Minted::configured);

  /** They take none, though they are POSTs. */
  private static final Set<String> WITHOUT_BODY =
      Set.of(
          "/v1/jobs/:id/webhook/redeliver",
          "/v1/batches/:id/cancel",
          "/v1/batches/:id/pause",
          "/v1/batches/:id/resume",
          "/v1/batches/:id/retry",
          "/v1/pipelines/:id/cancel",
          "/v1/pipelines/:id/pause",
          "/v1/pipelines/:id/resume",
          "/v1/responses/:id/cancel",
          "/api/blobs/:digest",
          "/api/copy",
          "/api/create",
          "/api/pull",
          "/api/push",
          "/admin/v1/token-keys/rotate",
          "/admin/v1/workers/:id/drain",
          "/admin/v1/workers/:id/resume");

  @AfterAll
  static void close() {
    SLUICE.close();
  }

  static List<String> routes() {
    return SLUICE.gateway.endpoints().stream()
        .filter(it -> Stream.of(HttpMethod.POST, HttpMethod.PUT).anyMatch(it.method()::equals))
        .filter(it -> !WITHOUT_BODY.contains(it.path()))
        .map(it -> it.method() + " " + it.path().replaceAll(":[a-z]+", "a"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("routes")
  void a_body_that_never_comes_to_its_end_is_given_up(String route) throws IOException {
    assertThat(answer(route, "Content-Length: 100", "{")).matches("(?s)HTTP/1.1 4(00|08) .*");
  }

  @ParameterizedTest
  @MethodSource("routes")
  void a_chunked_body_that_never_comes_to_its_end_is_given_up(String route) throws IOException {
    assertThat(answer(route, "Transfer-Encoding: chunked", "1\r\n{\r\n1\r\n"))
        .matches("(?s)HTTP/1.1 4(00|08) .*");
  }

  @ParameterizedTest
  @MethodSource("routes")
  void a_body_that_is_declared_too_large_is_not_waited_for(String route) throws IOException {
    assertThat(answer(route, "Content-Length: 10000000000", "{"))
        .matches("(?s)HTTP/1.1 4(00|13) .*bytes are taken.*");
  }

  @ParameterizedTest
  @MethodSource("routes")
  void a_compressed_body_is_not_taken(String route) throws IOException {
    assertThat(answer(route, "Content-Encoding: gzip\r\nContent-Length: 2", "{}"))
        .matches("(?s)HTTP/1.1 4(00|15) .*uncompressed.*");
  }

  /** What comes until the gateway ends the connection, which it has to do by itself. */
  private static String answer(String route, String headers, String body) throws IOException {
    try (RawClient client = new RawClient(SLUICE)) {
      client.send(
          "%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\n%s\r\n\r\n%s"
              .formatted(route, SLUICE.key, type(route), headers, body));
      return client.rest();
    }
  }

  private static String type(String route) {
    if (route.contains("/oauth/")) {
      return "application/x-www-form-urlencoded";
    }
    return route.contains("/files") ? "multipart/form-data; boundary=x" : "application/json";
  }
}

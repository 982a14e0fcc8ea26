package io.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No spelling of a path opens anything without a credential; nothing that is sent becomes a header.
 */
class PathsTest {
  private static final TestGateway SLUICE = new TestGateway(Minted::configured);
  private static final long SEED = 20_260_101;
  private static final int WRITTEN_DIFFERENTLY = 1_500;

  private static final List<String> PUBLIC =
      List.of(
          "/",
          "/api/version",
          "/health/live",
          "/health/ready",
          "/metrics",
          "/openapi.yaml",
          "/oauth/token",
          "/oauth/revoke",
          "/.well-known/jwks.json",
          "/.well-known/oauth-authorization-server");

  @AfterAll
  static void close() {
    SLUICE.close();
  }

  @Test
  void every_route_but_the_public_ones_is_401_without_a_credential() throws IOException {
    for (Routes.Endpoint endpoint : SLUICE.gateway.endpoints()) {
      if (!PUBLIC.contains(endpoint.path())) {
        String path = concrete(endpoint.path());
        assertThat(status(endpoint.method().name(), path)).as(path).isEqualTo(401);
      }
    }
  }

  @Test
  void no_other_spelling_of_a_path_opens_a_route() throws IOException {
    Random random = new Random(SEED);
    List<Routes.Endpoint> guarded =
        SLUICE.gateway.endpoints().stream().filter(it -> !PUBLIC.contains(it.path())).toList();
    for (int i = 0; i < WRITTEN_DIFFERENTLY; i++) {
      Routes.Endpoint endpoint = guarded.get(random.nextInt(guarded.size()));
      String path = concrete(endpoint.path());
      for (int change = random.nextInt(3); change >= 0; change--) {
        path = changed(path, random);
      }
      assertThat(status(endpoint.method().name(), path))
          .as("seed %d, %d: %s %s", SEED, i, endpoint.method(), path)
          .isIn(400, 401, 404, 405, 414);
    }
  }

  private static String concrete(String path) {
    return path.replaceAll(":[a-z]+", "job_0190a2b3c4d57e6f8a9b0c1d2e3f4a5b");
  }

  private static String changed(String path, Random random) {
    List<UnaryOperator<String>> ways =
        List.of(
            it -> insert(it, "/", random),
            it -> insert(it, "/.", random),
            it -> insert(it, "/x/..", random),
            it -> insert(it, ";", random),
            it -> insert(it, ";a=b", random),
            it -> insert(it, "%00", random),
            it -> insert(it, "%2e%2e%2f", random),
            it -> insert(it, "%252f", random),
            it -> insert(it, "\\", random),
            it -> insert(it, "%0d%0aX-Injected:%201", random),
            it -> it.replaceFirst("/(?=[^/]*$)", "%2f"),
            it -> escaped(it, random),
            it -> it.toUpperCase(java.util.Locale.ROOT),
            it -> "/health/live/.." + "/.." + it,
            it -> "/health/live%2f..%2f.." + it,
            it -> "/metrics;" + it,
            it -> it + "/",
            it -> it + "?/health/live",
            it -> it + "%3f/metrics",
            it -> it + "#/openapi.yaml",
            it -> it + "/openapi.yaml");
    return ways.get(random.nextInt(ways.size())).apply(path);
  }

  private static String insert(String path, String what, Random random) {
    int at = 1 + random.nextInt(path.length());
    return path.substring(0, at) + what + path.substring(at);
  }

  private static String escaped(String path, Random random) {
    int at = 1 + random.nextInt(path.length() - 1);
    return path.substring(0, at)
        + "%%%02x".formatted((int) path.charAt(at))
        + path.substring(at + 1);
  }

  private static int status(String method, String path) throws IOException {
    try (RawClient client = new RawClient(SLUICE)) {
      return client
          .send(method + " " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
          .status();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /v1/jobs%0d%0aX-Injected:%201 HTTP/1.1~Host: x~~",
        "GET /%0d%0aX-Injected:%201 HTTP/1.1~Host: x~Authorization: Bearer KEY~~",
        "GET /v1/jobs/%0d%0aX-Injected:%201 HTTP/1.1~Host: x~Authorization: Bearer KEY~~",
        "GET /v1/jobs?state=%0d%0aX-Injected:%201 HTTP/1.1~Host: x~Authorization: Bearer KEY~~",
        "GET /v1/jobs?after=a%0aX-Injected:%201 HTTP/1.1~Host: x~Authorization: Bearer KEY~~",
        "GET /v1/jobs HTTP/1.1~Host: x~Authorization: Bearer a\rX-Injected: 1~~",
        "GET /v1/jobs HTTP/1.1~Host: x~Authorization: Bearer a\nX-Injected: 1~~",
        "GET /v1/jobs HTTP/1.1~Host: x~Authorization: Basic %0d%0aX-Injected:%201~~",
        "GET /.well-known/oauth-authorization-server HTTP/1.1~Host: x%0d%0aX-Injected:1~~",
        "GET /health/live HTTP/1.1~Host: x~If-None-Match: \u0000\r\rX-Injected: 1~~",
        "POST /v1/jobs HTTP/1.1~Host: x~Authorization: Bearer KEY~Content-Type: application/json"
            + "~X-Session-Id: a%0d%0aX-Injected: 1~Idempotency-Key: b%0d%0aX-Injected: 1"
            + "~traceparent: c%0d%0aX-Injected: 1~Prefer: wait=0%0d%0aX-Injected: 1"
            + "~Content-Length: LENGTH~~BODY",
      })
  void nothing_that_is_sent_becomes_a_header(String request) throws IOException {
    String body =
        "{\"model\":\"qwen3:14b\",\"prompt\":\"x\",\"metadata\":{\"a\":\"\\r\\nX-Injected: 1\"},"
            + "\"session\":\"s\"}";
    String sent =
        request
            .replace("~", "\r\n")
            .replace("KEY", SLUICE.key)
            .replace("LENGTH", String.valueOf(body.length()))
            .replace("BODY", body);
    try (RawClient client = new RawClient(SLUICE)) {
      client.send(sent.replaceFirst("\r\n", "\r\nConnection: close\r\n"));
      String head = client.rest().split("\r\n\r\n", 2)[0];
      assertThat(head).startsWith("HTTP/1.1 ");
      assertThat(head.split("[\r\n]+")).noneMatch(line -> line.startsWith("X-Injected"));
    }
  }

  /** A list that is kept in two places is compared, so that neither grows alone. */
  @Test
  void the_public_routes_are_these() throws IOException {
    List<String> open = new ArrayList<>();
    for (Routes.Endpoint endpoint : SLUICE.gateway.endpoints()) {
      if (status(endpoint.method().name(), concrete(endpoint.path())) != 401) {
        open.add(endpoint.path());
      }
    }
    assertThat(Stream.concat(open.stream(), Stream.of("/oauth/token")).distinct().toList())
        .containsExactlyInAnyOrderElementsOf(PUBLIC);
  }
}

package io.sluice.cli.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sluice.codec.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;

/**
 * A server that is stricter with tokens than Sluice: no leeway, and a refresh token works once, but
 * for the answer that it loses on demand. It counts what it had to refuse.
 */
final class StrictServer implements AutoCloseable {
  private final HttpServer server;
  private final InstantSource clock;
  private final Duration life;
  private final Map<String, Instant> access = new HashMap<>();
  private final Map<String, String> refresh = new HashMap<>();
  int refused;
  int reused;
  int renewals;
  int tokens;
  boolean losesNext;

  /** Trades the next token and never says so, but gives the successor again within the grace. */
  boolean hangsNext;

  private final Map<String, Instant> unsaid = new HashMap<>();
  boolean away;
  int streams;
  int streamsUntilEnd = 1;
  Runnable whenOpened = () -> {};

  StrictServer(InstantSource clock, Duration life) {
    this.clock = clock;
    this.life = life;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/oauth/token", this::token);
    server.createContext("/oauth/revoke", this::revoke);
    server.createContext("/v1/jobs/", this::job);
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Ends every access token before its time. */
  synchronized void forgetAccess() {
    access.clear();
  }

  synchronized void endLogins() {
    access.clear();
    refresh.clear();
  }

  private synchronized void token(HttpExchange exchange) throws IOException {
    String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII);
    if (away) {
      send(exchange, 503, "{\"code\":\"store_unavailable\",\"detail\":\"It is away.\"}");
    } else if (form.startsWith("grant_type=client_credentials")) {
      boolean known = form.endsWith("client_secret=sk_good");
      send(exchange, known ? 200 : 401, known ? issue("r0") : "{\"error\":\"invalid_client\"}");
    } else {
      renew(exchange, form.substring(form.lastIndexOf('=') + 1));
    }
  }

  private void renew(HttpExchange exchange, String token) throws IOException {
    String successor = refresh.get(token);
    if (successor == null) {
      send(exchange, 400, "{\"error\":\"invalid_grant\"}");
    } else if (unsaid.containsKey(token)
        && clock.instant().isBefore(unsaid.remove(token).plusSeconds(10))) {
      send(exchange, 200, issue(successor));
    } else if (!successor.isEmpty()) {
      reused++;
      refresh.clear();
      send(exchange, 400, "{\"error\":\"invalid_grant\"}");
    } else if (losesNext) {
      losesNext = false;
      exchange.close(); // nothing was traded: as if the successor were given again
    } else if (hangsNext) {
      hangsNext = false;
      renewals++;
      unsaid.put(token, clock.instant());
      refresh.put(token, "r" + (tokens + 1));
    } else {
      renewals++;
      refresh.put(token, "r" + (tokens + 1));
      send(exchange, 200, issue("r" + (tokens + 1)));
    }
  }

  private String issue(String refreshToken) {
    tokens++;
    access.put("a" + tokens, clock.instant().plus(life));
    refresh.put(refreshToken, "");
    return Json.write(
        Json.object()
            .put("access_token", "a" + tokens)
            .put("refresh_token", refreshToken)
            .put("expires_in", life.toSeconds()));
  }

  private synchronized void revoke(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    endLogins();
    send(exchange, 200, "{}");
  }

  private synchronized void job(HttpExchange exchange) throws IOException {
    String header = exchange.getRequestHeaders().getFirst("Authorization");
    Instant end = header == null ? null : access.get(header.substring("Bearer ".length()));
    if (end == null || !clock.instant().isBefore(end)) {
      refused++;
      send(exchange, 401, "{\"code\":\"unauthorized\",\"detail\":\"No.\"}");
    } else if (exchange.getRequestURI().getPath().endsWith("/events")) {
      events(exchange);
    } else {
      send(exchange, 200, "{\"id\":\"job_1\",\"state\":\"in_progress\"}");
    }
  }

  /** A stream that outlasts its token, until it was opened often enough. */
  private void events(HttpExchange exchange) throws IOException {
    streams++;
    whenOpened.run();
    String event =
        streams < streamsUntilEnd
            ? "error\ndata: {\"code\":\"unauthorized\",\"status\":401}\n\n"
            : "end\ndata: {\"id\":\"job_1\",\"state\":\"completed\"}\n\n";
    send(exchange, 200, "id: " + streams + ".1\nevent: " + event);
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

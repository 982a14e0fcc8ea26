package io.sluice.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.cli.settings.Secret;
import io.sluice.codec.CodecException;
import io.sluice.codec.Json;
import io.sluice.tls.ClientTls;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The token endpoints of a server (RFC 6749, RFC 7009). Blocks, as {@link Api} does. */
public final class OAuth {
  private static final Logger LOG = LoggerFactory.getLogger(OAuth.class);
  private static final Duration ANSWER = Duration.ofSeconds(20);

  /**
   * A refresh whose answer does not come is asked for again at once: all its tries begin within the
   * grace of 10 s in which the server gives the same successor again. The last one may wait.
   */
  private static final List<Duration> REFRESH_TRIES =
      List.of(Duration.ofSeconds(3), Duration.ofSeconds(3), ANSWER);

  private final InstantSource clock;
  private final HttpClient http;

  /** Servers whose certificates, where they have any, are checked as {@code tls} says. */
  public OAuth(InstantSource clock, ClientTls tls) {
    this.clock = clock;
    this.http = Connections.of(tls);
  }

  /** Trades an API key for tokens; what goes wrong is a {@link Refusal}. */
  Login login(URI server, Secret apiKey) {
    try {
      return token(server, "grant_type=client_credentials&client_secret=" + encode(apiKey), ANSWER);
    } catch (ServerProblem problem) {
      throw problem.asRefusal();
    } catch (IOException e) {
      throw new Refusal(
          Exit.UNAVAILABLE,
          "no answer from " + server + ": is it running? Start it with: sluice up");
    }
  }

  /** Trades a refresh token for new ones; a lost answer can be asked for again within 10 s. */
  Login refresh(Login login) throws IOException {
    String form = "grant_type=refresh_token&refresh_token=" + encode(login.refresh());
    for (Duration deadline : REFRESH_TRIES.subList(0, REFRESH_TRIES.size() - 1)) {
      try {
        return token(login.server(), form, deadline);
      } catch (IOException lost) {
        LOG.debug("the login is renewed again, since an answer was lost: {}", lost.toString());
      }
    }
    return token(login.server(), form, REFRESH_TRIES.getLast());
  }

  /** Ends a login at its server, with all the tokens that came of it. */
  void revoke(Login login) throws IOException {
    HttpResponse<String> answer =
        post(login.server(), "/oauth/revoke", "token=" + encode(login.refresh()), ANSWER);
    if (answer.statusCode() != 200) {
      throw problem(login.server(), answer);
    }
  }

  private Login token(URI server, String form, Duration deadline) throws IOException {
    Instant asked = clock.instant();
    HttpResponse<String> answer = post(server, "/oauth/token", form, deadline);
    if (answer.statusCode() != 200) {
      throw problem(server, answer);
    }
    try {
      JsonNode json = Json.parse(answer.body());
      return new Login(
          server,
          text(json, "access_token"),
          text(json, "refresh_token"),
          asked,
          asked.plusSeconds(json.path("expires_in").asLong()));
    } catch (CodecException e) {
      throw foreign(server);
    }
  }

  private static Secret text(JsonNode json, String name) {
    String text = json.path(name).asText();
    if (!text.matches("[\\x21-\\x7e]{1,8192}")) {
      throw new CodecException("no " + name, null);
    }
    return new Secret(text);
  }

  /** What the server says is no reason to go on is a refusal; all else may be asked again. */
  private static RuntimeException problem(URI server, HttpResponse<String> answer) {
    if (answer.statusCode() / 100 != 4 || answer.statusCode() == 429) {
      return ServerProblem.of(answer.statusCode(), answer.headers(), answer.body());
    }
    try {
      JsonNode json = Json.parse(answer.body());
      return switch (json.path("error").asText()) {
        case "invalid_grant" ->
            new Refusal(
                Exit.REFUSED,
                "the login at " + server + " has ended: log in again with: sluice login");
        case "invalid_client" -> new Refusal(Exit.REFUSED, "the API key is not valid at " + server);
        case "" ->
            ServerProblem.of(answer.statusCode(), answer.headers(), answer.body()).asRefusal();
        default ->
            new Refusal(Exit.REFUSED, json.path("error_description").asText("it was refused"));
      };
    } catch (CodecException e) {
      return foreign(server);
    }
  }

  private static Refusal foreign(URI server) {
    return new Refusal(Exit.UNAVAILABLE, "what answers at " + server + " is not Sluice");
  }

  private HttpResponse<String> post(URI server, String path, String form, Duration deadline)
      throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server + path))
            .timeout(deadline)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static String encode(Secret secret) {
    return URLEncoder.encode(secret.value(), StandardCharsets.UTF_8);
  }
}

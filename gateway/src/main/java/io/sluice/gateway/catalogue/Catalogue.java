package io.sluice.gateway.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import io.sluice.gateway.Body;
import io.sluice.gateway.Reply;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.problem.ProblemCode;
import io.sluice.gateway.problem.Refusal;
import io.sluice.gateway.submit.StrictJson;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.function.Function;

/**
 * The routes that say which models there are. All tenants may use all pools, so all get the same.
 * On the event loop.
 */
public final class Catalogue {
  /**
   * The version of Ollama whose surface this is; numbers and a word behind a dash, as clients parse
   * it. Says nothing of the program's own version, since it is asked without a key.
   */
  static final String VERSION = "0.33.0-sluice";

  private static final int BODY_BYTES_MAX = 64 * 1024;
  private static final int NAME_CHARS_MAX = 200;

  private final Listings listings;
  private final Body body;

  /**
   * @param bodyDeadline by when the body of a question is whole
   */
  public Catalogue(Vertx vertx, Listings listings, Duration bodyDeadline) {
    this.listings = listings;
    this.body = new Body(vertx, BODY_BYTES_MAX, bodyDeadline);
  }

  /** {@code GET /}: how clients find out whether there is an Ollama. */
  public void root(RoutingContext http) {
    Reply.text(http, 200, "text/plain; charset=utf-8", "Ollama is running");
  }

  /** {@code GET /api/version}. */
  public void version(RoutingContext http) {
    Reply.json(http, 200, Json.object().put("version", VERSION));
  }

  /** {@code GET /api/tags}. */
  public void tags(RoutingContext http) {
    answer(http, listing -> OllamaView.tags(listing.all()));
  }

  /** {@code GET /api/ps}. */
  public void ps(RoutingContext http) {
    answer(http, listing -> OllamaView.ps(listing.all()));
  }

  /** {@code POST /api/show}; a body is taken whatever type it says, as Ollama does. */
  public void show(RoutingContext http) {
    Caller.of(http).needAny();
    body.bytes(
            http,
            bytes ->
                listings
                    .now()
                    .map(listing -> show(listing, name(StrictJson.parse(bytes.getBytes())))))
        .onSuccess(json -> Reply.json(http, 200, json))
        .onFailure(http::fail);
  }

  private static String name(JsonNode asked) {
    String name = asked.path("model").asText(asked.path("name").asText(""));
    if (name.isEmpty()) {
      throw ProblemCode.MALFORMED_REQUEST.with("model is required").refusal();
    }
    return name;
  }

  private static ObjectNode show(Listing listing, String name) {
    return listing
        .find(name)
        .map(OllamaView::show)
        .orElseThrow(() -> missing("model '" + shown(name) + "' not found"));
  }

  /** {@code GET /v1/models}. */
  public void models(RoutingContext http) {
    answer(http, listing -> OpenAiView.list(listing.all()));
  }

  /** {@code GET /v1/models/{id}}. */
  public void model(RoutingContext http) {
    model(http, http.pathParam("id"));
  }

  /** {@code GET /v1/models/{owner}/{name}}: an id with a slash, which not every client escapes. */
  public void ownedModel(RoutingContext http) {
    model(http, http.pathParam("owner") + "/" + http.pathParam("name"));
  }

  private void model(RoutingContext http, String id) {
    answer(
        http,
        listing ->
            listing
                .find(id)
                .map(OpenAiView::one)
                .orElseThrow(() -> missing("The model does not exist.")));
  }

  private void answer(RoutingContext http, Function<Listing, ObjectNode> view) {
    Caller.of(http).needAny();
    listings.now().map(view).onSuccess(json -> Reply.json(http, 200, json)).onFailure(http::fail);
  }

  private static Refusal missing(String sentence) {
    return ProblemCode.MODEL_NOT_FOUND.with(sentence).refusal();
  }

  private static String shown(String name) {
    return name.length() > NAME_CHARS_MAX ? name.substring(0, NAME_CHARS_MAX) + "…" : name;
  }
}

package io.sluice.gateway;

import static io.vertx.core.http.HttpMethod.DELETE;
import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.POST;

import io.sluice.gateway.Routes.Endpoint;
import io.sluice.gateway.catalogue.Catalogue;
import io.sluice.gateway.responses.Responses;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** The routes of the compatible surfaces. */
record Surfaces(
    Catalogue catalogue,
    Handler<RoutingContext> ollamaChat,
    Handler<RoutingContext> ollamaGenerate,
    Handler<RoutingContext> ollamaManagement,
    Handler<RoutingContext> openAiChat,
    Handler<RoutingContext> openAiText,
    Embeds embeds,
    Handler<RoutingContext> respond,
    Responses responses) {

  /** Those that make vectors of texts. */
  record Embeds(
      Handler<RoutingContext> ollama,
      Handler<RoutingContext> ollamaOlder,
      Handler<RoutingContext> openAi) {}

  List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(GET, "/", catalogue::root),
        new Endpoint(GET, "/api/version", catalogue::version),
        new Endpoint(GET, "/api/tags", catalogue::tags),
        new Endpoint(GET, "/api/ps", catalogue::ps),
        new Endpoint(POST, "/api/show", catalogue::show),
        new Endpoint(GET, "/v1/models", catalogue::models),
        new Endpoint(GET, "/v1/models/:id", catalogue::model),
        new Endpoint(GET, "/v1/models/:owner/:name", catalogue::ownedModel),
        new Endpoint(POST, "/api/chat", ollamaChat),
        new Endpoint(POST, "/api/generate", ollamaGenerate),
        new Endpoint(POST, "/api/embed", embeds.ollama()),
        new Endpoint(POST, "/api/embeddings", embeds.ollamaOlder()),
        new Endpoint(POST, "/v1/embeddings", embeds.openAi()),
        new Endpoint(POST, "/api/pull", ollamaManagement),
        new Endpoint(POST, "/api/push", ollamaManagement),
        new Endpoint(POST, "/api/create", ollamaManagement),
        new Endpoint(POST, "/api/copy", ollamaManagement),
        new Endpoint(DELETE, "/api/delete", ollamaManagement),
        new Endpoint(POST, "/api/blobs/:digest", ollamaManagement),
        new Endpoint(POST, "/v1/chat/completions", openAiChat),
        new Endpoint(POST, "/v1/completions", openAiText),
        new Endpoint(POST, "/v1/responses", respond),
        new Endpoint(GET, "/v1/responses/:id", responses::get),
        new Endpoint(POST, "/v1/responses/:id/cancel", responses::cancel),
        new Endpoint(GET, "/v1/responses/:id/input_items", responses::inputItems));
  }
}

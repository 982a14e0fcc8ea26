package io.sluice.gateway.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.Elections;
import io.sluice.FileStore;
import io.sluice.JobKind;
import io.sluice.Pool;
import io.sluice.Subscription;
import io.sluice.TextExtraction;
import io.sluice.codec.Json;
import io.sluice.gateway.Body;
import io.sluice.gateway.OnContext;
import io.sluice.gateway.Parameters;
import io.sluice.gateway.Reply;
import io.sluice.gateway.RequestTime;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.bulk.BulkJobs;
import io.sluice.gateway.bulk.Drivers;
import io.sluice.gateway.bulk.JournalTail;
import io.sluice.gateway.bulk.ResultStream;
import io.sluice.gateway.problem.ErrorShape;
import io.sluice.gateway.stream.Readers;
import io.sluice.gateway.submit.Models;
import io.sluice.gateway.submit.StrictJson;
import io.sluice.gateway.upkeep.Repeated;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;

/** Pipelines over HTTP. */
public final class Pipelines {
  private static final String SCOPE = "batch";
  private static final int KEY_CHARS_MAX = 255;
  private static final int LIMIT_STANDARD = 20;
  private static final int LIMIT_MAX = 100;

  private final Vertx vertx;
  private final Body body;
  private final Readers readers;
  private final ResultStream.Source source;
  private final Drivers drivers;
  private final PipelineStore pipelines;
  private final InstantSource clock;
  private final PipelineSweep sweep;

  public Pipelines(Http http, Work work, Bounds bounds) {
    Models models = new Models(bounds.pools());
    Texts texts = new Texts(work.uploads(), work.extraction(), bounds.config().document());
    PipelineRun run =
        new PipelineRun(
            new PipelineRun.Parts(
                work.store(),
                texts,
                work.jobs(),
                models,
                bounds.promptTokensMax(),
                work.clock(),
                bounds.config(),
                new PipelineMeters(work.meters())));
    this.vertx = http.source().vertx();
    this.body = http.body();
    this.readers = http.readers();
    this.source = http.source();
    this.clock = work.clock();
    this.sweep =
        new PipelineSweep(
            work.store(),
            work.elections(),
            bounds.config().kept(),
            work.clock(),
            bounds.instance());
    this.drivers = new Drivers(run, work.store(), work.elections(), bounds.instance());
    this.pipelines =
        new PipelineStore(
            work.store(),
            work.uploads(),
            new PipelineRequest.Reader(
                models, bounds.promptTokensMax(), bounds.config().documentsMax()),
            drivers,
            run,
            bounds.config().openMax(),
            work.clock());
  }

  /** What requests and readers are served with. */
  public record Http(Body body, Readers readers, ResultStream.Source source) {}

  /** What pipelines are made and driven with. */
  public record Work(
      FileStore store,
      Uploads uploads,
      TextExtraction extraction,
      Elections elections,
      BulkJobs jobs,
      InstantSource clock,
      MeterRegistry meters) {}

  /**
   * @param promptTokensMax the absolute cap on prompts
   * @param instance the name of this gateway among others
   */
  public record Bounds(
      PipelineConfig config, List<Pool> pools, int promptTokensMax, String instance) {}

  /** What drives those that are open; started and stopped with the gateway. */
  public Drivers drivers() {
    return drivers;
  }

  /** What forgets those that are old. */
  public Repeated sweep() {
    return sweep.repeated();
  }

  /** {@code POST /v1/pipelines}. */
  public void create(RoutingContext http) {
    Caller caller = caller(http);
    caller.need("ollama:" + JobKind.CHAT.wireName());
    Optional<String> key = Parameters.header(http, "Idempotency-Key", KEY_CHARS_MAX);
    body.read(
            http,
            bytes ->
                patiently(() -> pipelines.create(caller, key, StrictJson.parse(bytes.getBytes()))))
        .onSuccess(made -> made(http, made))
        .onFailure(http::fail);
  }

  private void made(RoutingContext http, PipelineStore.Made made) {
    http.response().putHeader("Location", "/v1/pipelines/" + made.view().pipeline().id());
    if (made.replayed()) {
      http.response().putHeader("Idempotent-Replayed", "true");
    }
    Reply.json(http, 202, made.view().json(clock.instant()));
  }

  /** {@code GET /v1/pipelines/{id}}. */
  public void get(RoutingContext http) {
    one(http, pipelines::find);
  }

  /** {@code POST /v1/pipelines/{id}/cancel}. */
  public void cancel(RoutingContext http) {
    one(http, pipelines::cancel);
  }

  /** {@code POST /v1/pipelines/{id}/pause}. */
  public void pause(RoutingContext http) {
    one(http, pipelines::pause);
  }

  /** {@code POST /v1/pipelines/{id}/resume}. */
  public void resume(RoutingContext http) {
    one(http, pipelines::resume);
  }

  private void one(RoutingContext http, BiFunction<String, String, PipelineView> what) {
    String tenant = caller(http).tenant();
    String id = http.pathParam("id");
    blocking(() -> what.apply(tenant, id).json(clock.instant()))
        .onSuccess(view -> Reply.json(http, 200, view))
        .onFailure(http::fail);
  }

  /** {@code GET /v1/pipelines}, the newest first. */
  public void list(RoutingContext http) {
    String tenant = caller(http).tenant();
    Optional<String> after = Parameters.query(http, "after");
    if (after.isPresent() && PipelineId.parse(after.get()).isEmpty()) {
      throw Parameters.malformed("'after' is not the id of a pipeline.").refusal();
    }
    int limit =
        Parameters.query(http, "limit")
            .map(text -> Parameters.number("limit", text, 1, LIMIT_MAX))
            .orElse(LIMIT_STANDARD);
    blocking(() -> page(pipelines.list(tenant, after, limit + 1), limit))
        .onSuccess(page -> Reply.json(http, 200, page))
        .onFailure(http::fail);
  }

  private ObjectNode page(List<PipelineView> some, int limit) {
    List<PipelineView> told = some.subList(0, Math.min(limit, some.size()));
    ObjectNode json = Json.object().put("object", "list");
    ArrayNode data = json.putArray("data");
    told.forEach(view -> data.add(view.json(clock.instant())));
    boolean more = some.size() > limit;
    return json.put("has_more", more)
        .put("next", more ? told.getLast().pipeline().id().value() : null);
  }

  /** {@code GET /v1/pipelines/{id}/results}: what there is, then what comes, line by line. */
  public void results(RoutingContext http) {
    Caller caller = caller(http);
    String id = http.pathParam("id");
    blocking(() -> pipelines.find(caller.tenant(), id).pipeline())
        .compose(pipeline -> results(http, pipeline))
        .onSuccess(results -> show(http, results))
        .onFailure(http::fail);
  }

  private Future<ResultStream.Results> results(RoutingContext http, Pipeline pipeline) {
    int after =
        Parameters.query(http, "after")
            .map(text -> Parameters.number("after", text, 0, 999_999_999))
            .orElse(0);
    boolean waits =
        Parameters.query(http, "wait").map(text -> Parameters.number("wait", text, 0, 1)).orElse(1)
            == 1;
    PipelineFolder folder = pipelines.folder(pipeline.tenant(), pipeline.id());
    return blocking(
        () ->
            new ResultStream.Results(
                () -> folder.ended().isPresent() || folder.pipeline().isEmpty(),
                JournalTail.open(folder.files(), folder.journal(), after),
                waits,
                Pipelines::line,
                ErrorShape.PROBLEM));
  }

  private static ObjectNode line(JsonNode entry) {
    return (ObjectNode) entry;
  }

  private void show(RoutingContext http, ResultStream.Results results) {
    if (http.request().method().equals(HttpMethod.HEAD)) {
      Reply.empty(http, 200);
    } else if (!http.response().closed()) {
      RequestTime.lift(vertx);
      Subscription place = readers.enter(Caller.of(http));
      new ResultStream(source, http, results, place).start();
    }
  }

  /** {@code GET /v1/pipelines/{id}/documents/{index}/text}. */
  public void text(RoutingContext http) {
    String tenant = caller(http).tenant();
    String id = http.pathParam("id");
    String index = http.pathParam("index");
    blocking(() -> pipelines.text(tenant, id, index))
        .onSuccess(text -> Reply.text(http, 200, "text/plain; charset=utf-8", text))
        .onFailure(http::fail);
  }

  private static Caller caller(RoutingContext http) {
    Caller caller = Caller.of(http);
    caller.need(SCOPE);
    return caller;
  }

  /** Several files are written, and without a key nobody could ask what became of it. */
  private <T> Future<T> patiently(Callable<T> work) {
    RequestTime.lift(vertx);
    return blocking(work);
  }

  private <T> Future<T> blocking(Callable<T> work) {
    return OnContext.of(vertx, vertx.executeBlocking(work, false));
  }
}

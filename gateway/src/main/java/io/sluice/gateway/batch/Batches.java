package io.sluice.gateway.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.Elections;
import io.sluice.FileStore;
import io.sluice.Subscription;
import io.sluice.codec.Json;
import io.sluice.gateway.Body;
import io.sluice.gateway.OnContext;
import io.sluice.gateway.Parameters;
import io.sluice.gateway.Reply;
import io.sluice.gateway.RequestTime;
import io.sluice.gateway.StreamBounds;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.bulk.BulkJobs;
import io.sluice.gateway.bulk.Drivers;
import io.sluice.gateway.bulk.JournalTail;
import io.sluice.gateway.bulk.ResultStream;
import io.sluice.gateway.files.Files;
import io.sluice.gateway.problem.ErrorShape;
import io.sluice.gateway.stream.CallerWatch;
import io.sluice.gateway.stream.KeepAlive;
import io.sluice.gateway.stream.Readers;
import io.sluice.gateway.submit.Fingerprint;
import io.sluice.gateway.submit.JobReader;
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

/** The Batch API over HTTP. */
public final class Batches {
  private static final String SCOPE = "batch";
  private static final int KEY_CHARS_MAX = 255;
  private static final int LIMIT_STANDARD = 20;
  private static final int LIMIT_MAX = 100;

  private final Vertx vertx;
  private final Body body;
  private final Readers readers;
  private final Endpoints endpoints;
  private final Drivers drivers;
  private final BatchStore batches;
  private final BatchSweep sweep;
  private final ResultStream.Source source;

  public Batches(Http http, Work work, Bounds bounds) {
    BatchFiles files = new TenantFiles(new Files(work.store(), work.clock()));
    BatchRun run =
        new BatchRun(
            new BatchRun.Parts(
                work.store(),
                files,
                work.endpoints(),
                work.jobs(),
                work.reader(),
                work.clock(),
                bounds.config(),
                bounds.lineBytesMax(),
                new BatchMeters(work.meters())));
    this.vertx = http.vertx();
    this.body = http.body();
    this.readers = http.readers();
    this.endpoints = work.endpoints();
    this.drivers = new Drivers(run, work.store(), work.elections(), bounds.instance());
    this.batches = new BatchStore(work.store(), files, drivers, bounds.config(), work.clock());
    this.sweep =
        new BatchSweep(
            work.store(), work.elections(), bounds.config(), work.clock(), bounds.instance());
    this.source = new ResultStream.Source(vertx, http.keepAlive(), http.callers(), http.streams());
  }

  /** What requests and readers are served with. */
  public record Http(
      Vertx vertx,
      Body body,
      Readers readers,
      KeepAlive keepAlive,
      CallerWatch callers,
      StreamBounds streams) {}

  /** What batches are made and driven with. */
  public record Work(
      FileStore store,
      Elections elections,
      BulkJobs jobs,
      JobReader reader,
      Endpoints endpoints,
      InstantSource clock,
      MeterRegistry meters) {}

  /**
   * @param lineBytesMax as much as a request by itself may have
   * @param instance the name of this gateway among others
   */
  public record Bounds(BatchConfig config, int lineBytesMax, String instance) {}

  /** What drives those that are open; started and stopped with the gateway. */
  public Drivers drivers() {
    return drivers;
  }

  /** What forgets old ones. */
  public Repeated sweep() {
    return sweep.repeated();
  }

  /** {@code POST /v1/batches}. */
  public void create(RoutingContext http) {
    Caller caller = caller(http);
    Optional<String> key = key(http);
    body.read(http, bytes -> create(caller, key, StrictJson.parse(bytes.getBytes())))
        .onSuccess(made -> made(http, made))
        .onFailure(http::fail);
  }

  private Future<BatchStore.Made> create(Caller caller, Optional<String> key, JsonNode json) {
    NewBatch asked = NewBatch.read(json, endpoints);
    caller.need(endpoints.at(asked.endpoint()).orElseThrow().scope());
    BatchStore.Wish wish = new BatchStore.Wish(caller, key, Fingerprint.of(json, ""));
    return patiently(() -> batches.create(wish, asked));
  }

  /** {@code POST /v1/batches/{id}/retry}. */
  public void retry(RoutingContext http) {
    Caller caller = caller(http);
    String id = http.pathParam("id");
    BatchStore.Wish wish =
        new BatchStore.Wish(
            caller, key(http), Fingerprint.of(Json.object().put("retry_of", id), ""));
    blocking(() -> batches.find(caller.tenant(), id))
        .compose(before -> retry(wish, before))
        .onSuccess(made -> made(http, made))
        .onFailure(http::fail);
  }

  private Future<BatchStore.Made> retry(BatchStore.Wish wish, BatchView before) {
    Batch batch = before.batch();
    wish.caller().need(endpoints.at(batch.endpoint()).orElseThrow().scope());
    return patiently(() -> batches.retry(wish, batch.id().value()));
  }

  private static void made(RoutingContext http, BatchStore.Made made) {
    if (made.replayed()) {
      http.response().putHeader("Idempotent-Replayed", "true");
    }
    Reply.json(http, 200, made.view().json());
  }

  /** {@code GET /v1/batches/{id}}. */
  public void get(RoutingContext http) {
    one(http, batches::find);
  }

  /** {@code POST /v1/batches/{id}/cancel}. */
  public void cancel(RoutingContext http) {
    one(http, batches::cancel);
  }

  /** {@code POST /v1/batches/{id}/pause}. */
  public void pause(RoutingContext http) {
    one(http, batches::pause);
  }

  /** {@code POST /v1/batches/{id}/resume}. */
  public void resume(RoutingContext http) {
    one(http, batches::resume);
  }

  private void one(RoutingContext http, BiFunction<String, String, BatchView> what) {
    String tenant = caller(http).tenant();
    String id = http.pathParam("id");
    blocking(() -> what.apply(tenant, id))
        .onSuccess(view -> Reply.json(http, 200, view.json()))
        .onFailure(http::fail);
  }

  /** {@code GET /v1/batches}, the newest first. */
  public void list(RoutingContext http) {
    String tenant = caller(http).tenant();
    Optional<String> after = Parameters.query(http, "after");
    if (after.isPresent() && BatchId.parse(after.get()).isEmpty()) {
      throw Parameters.malformed("'after' is not the id of a batch.").refusal();
    }
    int limit =
        Parameters.query(http, "limit")
            .map(text -> Parameters.number("limit", text, 1, LIMIT_MAX))
            .orElse(LIMIT_STANDARD);
    blocking(() -> batches.list(tenant, after, limit + 1))
        .onSuccess(some -> Reply.json(http, 200, page(some, limit)))
        .onFailure(http::fail);
  }

  private static ObjectNode page(List<BatchView> some, int limit) {
    List<BatchView> told = some.subList(0, Math.min(limit, some.size()));
    ObjectNode json = Json.object().put("object", "list");
    ArrayNode data = json.putArray("data");
    told.forEach(view -> data.add(view.json()));
    json.put("first_id", told.isEmpty() ? null : told.getFirst().batch().id().value());
    json.put("last_id", told.isEmpty() ? null : told.getLast().batch().id().value());
    return json.put("has_more", some.size() > limit);
  }

  /** {@code GET /v1/batches/{id}/results}: what there is, then what comes, line by line. */
  public void results(RoutingContext http) {
    Caller caller = caller(http);
    String id = http.pathParam("id");
    blocking(() -> batches.find(caller.tenant(), id))
        .compose(found -> tail(http, found.batch()))
        .onSuccess(results -> show(http, results))
        .onFailure(http::fail);
  }

  private Future<ResultStream.Results> tail(RoutingContext http, Batch batch) {
    int after =
        Parameters.query(http, "after")
            .map(text -> Parameters.number("after", text, 0, 999_999_999))
            .orElse(0);
    boolean waits =
        Parameters.query(http, "wait").map(text -> Parameters.number("wait", text, 0, 1)).orElse(1)
            == 1;
    BatchFolder folder = batches.folder(batch.tenant(), batch.id());
    return blocking(
        () ->
            new ResultStream.Results(
                () -> folder.ended().isPresent() || folder.batch().isEmpty(),
                JournalTail.open(folder.files(), folder.journal(), after),
                waits,
                entry -> (ObjectNode) LineAnswer.parse(entry).line(),
                ErrorShape.OPENAI));
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

  private static Caller caller(RoutingContext http) {
    Caller caller = Caller.of(http);
    caller.need(SCOPE);
    return caller;
  }

  private static Optional<String> key(RoutingContext http) {
    return Parameters.header(http, "Idempotency-Key", KEY_CHARS_MAX);
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

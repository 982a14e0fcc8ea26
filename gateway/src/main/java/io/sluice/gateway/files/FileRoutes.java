package io.sluice.gateway.files;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.FileStore;
import io.sluice.Subscription;
import io.sluice.codec.Json;
import io.sluice.gateway.OnContext;
import io.sluice.gateway.Parameters;
import io.sluice.gateway.Reply;
import io.sluice.gateway.RequestTime;
import io.sluice.gateway.Untimed;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.problem.OpenAiMembers;
import io.sluice.gateway.problem.ProblemCode;
import io.sluice.gateway.problem.Refusal;
import io.sluice.gateway.stream.Readers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** The Files API over HTTP. */
public final class FileRoutes {
  private static final String SCOPE = "batch";
  private static final int LIMIT_MAX = 10_000;

  private final Door door;
  private final Files files;
  private final Upload upload;

  public FileRoutes(Door door, FileStore store, Files files) {
    this.door = door;
    this.files = files;
    this.upload = new Upload(door, files, new Quotas(store, door.config()));
  }

  /**
   * What requests are served with.
   *
   * @param silence for how long a client that uploads may send next to nothing
   * @param patience for how long one that downloads may take nothing
   */
  public record Door(
      Vertx vertx,
      Readers readers,
      FilesConfig config,
      InstantSource clock,
      Duration silence,
      Duration patience,
      MeterRegistry meters) {}

  /** {@code POST /v1/files}. */
  public void create(RoutingContext http) {
    upload
        .take(http, caller(http))
        .onSuccess(file -> Reply.json(http, 200, view(file)))
        .onFailure(http::fail);
  }

  /** {@code GET /v1/files}. */
  public void list(RoutingContext http) {
    String tenant = caller(http).tenant();
    Optional<FileId> after = Parameters.query(http, "after").map(FileRoutes::after);
    Optional<String> purpose = Parameters.query(http, "purpose");
    int limit =
        Parameters.query(http, "limit")
            .map(text -> Parameters.number("limit", text, 1, LIMIT_MAX))
            .orElse(LIMIT_MAX);
    boolean newestFirst = Parameters.query(http, "order").map(FileRoutes::isDesc).orElse(true);
    RequestTime.lift(door.vertx());
    blocking(
            () ->
                page(
                    files.list(
                        tenant,
                        after,
                        limit + 1,
                        newestFirst,
                        file ->
                            purpose
                                .filter(it -> !it.equals(file.terms().purpose().wireName()))
                                .isEmpty()),
                    limit))
        .onSuccess(page -> Reply.json(http, 200, page))
        .onFailure(http::fail);
  }

  private static FileId after(String text) {
    if (!FileId.isValid(text)) {
      throw OpenAiMembers.withParam(
              Parameters.malformed("'after' is not the id of a file."), "after")
          .refusal();
    }
    return new FileId(text);
  }

  private static boolean isDesc(String text) {
    if (!text.equals("asc") && !text.equals("desc")) {
      throw OpenAiMembers.withParam(
              Parameters.malformed("'order' is neither asc nor desc."), "order")
          .refusal();
    }
    return text.equals("desc");
  }

  /** As text, which is made where it may take its time. */
  private static String page(List<StoredFile> some, int limit) {
    List<StoredFile> told = some.subList(0, Math.min(limit, some.size()));
    ObjectNode json = Json.object().put("object", "list");
    ArrayNode data = json.putArray("data");
    told.forEach(file -> data.add(view(file)));
    json.put("first_id", told.isEmpty() ? null : told.getFirst().id().value());
    json.put("last_id", told.isEmpty() ? null : told.getLast().id().value());
    return Json.write(json.put("has_more", some.size() > limit));
  }

  /** {@code GET /v1/files/{id}}. */
  public void get(RoutingContext http) {
    found(http).onSuccess(file -> Reply.json(http, 200, view(file))).onFailure(http::fail);
  }

  /** {@code DELETE /v1/files/{id}}. */
  public void delete(RoutingContext http) {
    found(http)
        .compose(file -> blocking(() -> files.delete(file.tenant(), file.id())))
        .onSuccess(deletion -> deleted(http, deletion))
        .onFailure(http::fail);
  }

  private static void deleted(RoutingContext http, Files.Deletion deletion) {
    switch (deletion) {
      case DELETED ->
          Reply.json(
              http,
              200,
              Json.object()
                  .put("id", http.pathParam("id"))
                  .put("object", "file")
                  .put("deleted", true));
      case ABSENT -> http.fail(absent());
      case IN_USE ->
          http.fail(
              ProblemCode.FILE_IN_USE
                  .with("A batch that has not ended reads it: cancel that, or wait.")
                  .refusal());
    }
  }

  /** {@code GET /v1/files/{id}/content}. */
  public void content(RoutingContext http) {
    found(http).compose(file -> content(http, file)).onFailure(http::fail);
  }

  private Future<Void> content(RoutingContext http, StoredFile file) {
    String tag = "\"" + file.sha256() + "\"";
    boolean stale =
        Optional.ofNullable(http.request().getHeader("If-Range"))
            .filter(it -> !it.equals(tag))
            .isPresent();
    Optional<String> header =
        Optional.ofNullable(http.request().getHeader("Range")).filter(it -> !stale);
    ByteRange range =
        switch (ByteRange.parse(header, file.bytes())) {
          case ByteRange.Wish.Whole whole -> new ByteRange(0, file.bytes());
          case ByteRange.Wish.Part(ByteRange part) -> part;
          case ByteRange.Wish.Unsatisfiable none ->
              throw ProblemCode.RANGE_NOT_SATISFIABLE
                  .with("It has " + file.bytes() + " bytes.")
                  .header("Content-Range", "bytes */" + file.bytes())
                  .refusal();
        };
    if (http.request().method().equals(HttpMethod.HEAD)) {
      head(http.response(), file, tag, range);
      return http.response().end();
    }
    Subscription place = door.readers().enter(Caller.of(http));
    return blocking(() -> files.open(file, range.first()))
        .map(found -> found.orElseThrow(FileRoutes::absent))
        .onFailure(e -> place.close())
        .map(
            content -> {
              head(http.response(), file, tag, range);
              return send(http, content, range, place);
            });
  }

  /** Never as something that a browser would show, whatever is in it. */
  private static void head(
      HttpServerResponse response, StoredFile file, String tag, ByteRange range) {
    String name =
        URLEncoder.encode(file.terms().filename(), StandardCharsets.UTF_8).replace("+", "%20");
    if (range.length() < file.bytes()) {
      response.setStatusCode(206).putHeader("Content-Range", range.header(file.bytes()));
    }
    response
        .putHeader("Content-Type", "application/octet-stream")
        .putHeader("Content-Disposition", "attachment; filename*=UTF-8''" + name)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Cache-Control", "no-store")
        .putHeader("Accept-Ranges", "bytes")
        .putHeader("ETag", tag)
        .putHeader("Content-Length", String.valueOf(range.length()));
  }

  private Void send(
      RoutingContext http, FileStore.Content content, ByteRange range, Subscription place) {
    if (http.response().closed()) {
      content.close();
      place.close();
    } else {
      RequestTime.lift(door.vertx());
      Untimed.mark(http);
      new Download(http, content, range.length(), place, door.patience()).start();
    }
    return null;
  }

  private Future<StoredFile> found(RoutingContext http) {
    String tenant = caller(http).tenant();
    String id = http.pathParam("id");
    return blocking(() -> files.find(tenant, id))
        .map(found -> found.orElseThrow(FileRoutes::absent));
  }

  private static Refusal absent() {
    return OpenAiMembers.withParam(
            ProblemCode.FILE_NOT_FOUND.with("It does not exist, or no longer."), "id")
        .refusal();
  }

  /** OpenAI's File object. */
  private static ObjectNode view(StoredFile file) {
    return Json.object()
        .put("id", file.id().value())
        .put("object", "file")
        .put("bytes", file.bytes())
        .put("created_at", file.createdAt().getEpochSecond())
        .put("expires_at", file.terms().expiresAt().map(Instant::getEpochSecond).orElse(null))
        .put("filename", file.terms().filename())
        .put("purpose", file.terms().purpose().wireName())
        .put("status", "processed")
        .putNull("status_details");
  }

  private static Caller caller(RoutingContext http) {
    Caller caller = Caller.of(http);
    caller.need(SCOPE);
    return caller;
  }

  private <T> Future<T> blocking(Callable<T> work) {
    return OnContext.of(door.vertx(), door.vertx().executeBlocking(work, false));
  }
}

package io.sluice.gateway.files;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.Unavailable;
import io.sluice.gateway.RequestTime;
import io.sluice.gateway.Shares;
import io.sluice.gateway.Untimed;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.files.StoredFile.Terms;
import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.problem.ProblemCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Takes in one file of a request, on a virtual thread of its own, as it comes: some 300 KiB of it
 * are in memory, whatever its size. So many at a time, of which no tenant has more than its share.
 */
final class Upload {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  /** What a form may have beside its file. */
  private static final int FORM_BYTES_MAX = 64 * 1024;

  private final Vertx vertx;
  private final Files files;
  private final Quotas quotas;
  private final FilesConfig config;
  private final InstantSource clock;
  private final Duration silence;
  private final Shares places;
  private final Counter bytes;

  Upload(FileRoutes.Door door, Files files, Quotas quotas) {
    this.vertx = door.vertx();
    this.files = files;
    this.quotas = quotas;
    this.config = door.config();
    this.clock = door.clock();
    this.silence = door.silence();
    this.places = new Shares(config.uploadsMax(), config.tenantUploadsMax());
    this.bytes = bytes(door.meters());
    Gauge.builder("sluice.gateway.uploads", places, Shares::taken)
        .description("Files that are being uploaded")
        .register(door.meters());
  }

  private static Counter bytes(MeterRegistry meters) {
    return Counter.builder("sluice.gateway.uploaded.bytes")
        .description("Of files that were uploaded whole")
        .register(meters);
  }

  /** Completes on the request's context; fails with a {@code Refusal}. */
  Future<StoredFile> take(RoutingContext http, Caller caller) {
    HttpServerRequest request = http.request();
    Optional<String> boundary =
        Multipart.boundary(Optional.ofNullable(request.getHeader("Content-Type")));
    Optional<Problem> problem = unfit(request, boundary).or(() -> place(caller.tenant()));
    if (problem.isPresent()) {
      return Future.failedFuture(problem.get().closing().refusal());
    }
    RequestTime.lift(vertx);
    Untimed.mark(http);
    if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
      request.response().writeContinue();
    }
    BodyPipe body = BodyPipe.of(vertx, request, silence);
    Promise<StoredFile> stored = Promise.promise();
    Thread.ofVirtual()
        .name("sluice-upload")
        .start(() -> store(body, boundary.orElseThrow(), caller.tenant(), stored));
    return onContext(stored.future());
  }

  private Future<StoredFile> onContext(Future<StoredFile> stored) {
    Promise<StoredFile> here = Promise.promise();
    var context = vertx.getOrCreateContext();
    stored.onComplete(result -> context.runOnContext(back -> here.handle(result)));
    return here.future();
  }

  private Optional<Problem> unfit(HttpServerRequest request, Optional<String> boundary) {
    if (boundary.isEmpty()) {
      return Optional.of(
          ProblemCode.UNSUPPORTED_MEDIA_TYPE.with("Send multipart/form-data with a boundary."));
    }
    String encoding = request.getHeader("Content-Encoding");
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      return Optional.of(ProblemCode.UNSUPPORTED_MEDIA_TYPE.with("Send the body uncompressed."));
    }
    String declared = request.getHeader("Content-Length");
    long max = config.largest();
    return declared != null
            && (declared.length() > 15 || Long.parseLong(declared) > max + FORM_BYTES_MAX)
        ? Optional.of(
            ProblemCode.BODY_TOO_LARGE
                .with("At most " + max + " bytes are taken.")
                .member("limit", max))
        : Optional.empty();
  }

  private Optional<Problem> place(String tenant) {
    return switch (places.take(tenant, 1)) {
      case TAKEN -> Optional.empty();
      case HOLDER_FULL ->
          Optional.of(
              ProblemCode.TOO_MANY_BODIES
                  .with("At most " + config.tenantUploadsMax() + " files are taken at a time.")
                  .retryAfter(RETRY_AFTER));
      case FULL ->
          Optional.of(
              ProblemCode.OVERLOADED
                  .with("Too many files are on their way.")
                  .retryAfter(RETRY_AFTER));
    };
  }

  private void store(BodyPipe body, String boundary, String tenant, Promise<StoredFile> stored) {
    try {
      StoredFile file = store(body, boundary, tenant);
      bytes.increment(file.bytes());
      stored.complete(file);
    } catch (IOException e) {
      stored.fail(new Unavailable("files", e.toString()));
    } catch (RuntimeException | Error e) {
      stored.fail(e);
    } finally {
      body.close();
      places.giveBack(tenant, 1);
    }
  }

  private StoredFile store(BodyPipe body, String boundary, String tenant) throws IOException {
    try (Quotas.Claim claim = quotas.claim(tenant);
        FileDraft draft = files.create(tenant)) {
      Terms terms = new UploadForm(config).read(new Multipart(body, boundary), draft, claim, clock);
      StoredFile file = draft.commit(terms);
      claim.keep();
      return file;
    }
  }
}

package io.sluice.gateway.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.FileStore;
import io.sluice.codec.Json;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.bulk.Drivers;
import io.sluice.gateway.bulk.Tallies;
import io.sluice.gateway.bulk.Undertaking.Opened;
import io.sluice.gateway.problem.ProblemCode;
import io.sluice.gateway.problem.Refusal;
import io.sluice.gateway.submit.Fingerprint;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * What tenants do with their pipelines. Blocks; fails with a {@code Refusal} what is not allowed.
 * Safe from any thread.
 */
final class PipelineStore {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(60);

  private final FileStore store;
  private final Uploads uploads;
  private final PipelineRequest.Reader reader;
  private final Drivers drivers;
  private final PipelineRun run;
  private final int openMax;
  private final InstantSource clock;
  private final Tallies<Counts> tallies;

  PipelineStore(
      FileStore store,
      Uploads uploads,
      PipelineRequest.Reader reader,
      Drivers drivers,
      PipelineRun run,
      int openMax,
      InstantSource clock) {
    this.store = store;
    this.uploads = uploads;
    this.reader = reader;
    this.drivers = drivers;
    this.run = run;
    this.openMax = openMax;
    this.clock = clock;
    this.tallies = new Tallies<>(store, Counts.NONE, Counts::plus);
  }

  /**
   * A pipeline that there is.
   *
   * @param replayed whether an earlier request with the same key made it
   */
  record Made(PipelineView view, boolean replayed) {}

  /**
   * Makes a pipeline, or finds the one that an earlier request with the same key made.
   *
   * @param key the client's idempotency key
   */
  Made create(Caller caller, Optional<String> key, JsonNode json) {
    String tenant = caller.tenant();
    PipelineRequest request = reader.read(json, id -> uploads.find(tenant, id));
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    PipelineId id = PipelineId.at(now);
    if (key.isPresent()) {
      Keys.Claim wanted = new Keys.Claim(id, Fingerprint.of(json, ""));
      Keys.Claim claim = new Keys(store).claim(tenant, key.get(), wanted);
      if (!claim.fingerprint().equals(wanted.fingerprint())) {
        throw ProblemCode.IDEMPOTENCY_KEY_REUSED
            .with("Another request came with this key; take a new one.")
            .refusal();
      }
      id = claim.id();
      Optional<PipelineView> made = view(tenant, id);
      if (made.isPresent()) {
        return new Made(opened(made.get()), true);
      }
    }
    checkOpen(tenant);
    folder(tenant, id).create(pipeline(id, caller, request, now), lines(request.documents()));
    return new Made(opened(view(tenant, id).orElseThrow()), false);
  }

  private static Pipeline pipeline(
      PipelineId id, Caller caller, PipelineRequest request, Instant now) {
    return new Pipeline(
        id,
        caller.tenant(),
        caller.principal(),
        caller.scopes(),
        now,
        now.plus(request.window()),
        request.asked(),
        request.documents().size(),
        request.metadata());
  }

  private static byte[] lines(List<Source> documents) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (Source document : documents) {
      lines.writeBytes(Json.write(document.json()).getBytes(StandardCharsets.UTF_8));
      lines.write('\n');
    }
    return lines.toByteArray();
  }

  private void checkOpen(String tenant) {
    long open = drivers.all().stream().filter(it -> it.tenant().equals(tenant)).count();
    if (open >= openMax) {
      throw ProblemCode.TOO_MANY_PIPELINES
          .with("At most " + openMax + " pipelines may be open; wait for one to end.")
          .retryAfter(RETRY_AFTER)
          .refusal();
    }
  }

  /** One that was made and not opened is opened by the next try with its key. */
  private PipelineView opened(PipelineView view) {
    if (view.ended().isEmpty()) {
      Pipeline pipeline = view.pipeline();
      drivers.open(new Opened(pipeline.id().value(), pipeline.tenant()));
    }
    return view;
  }

  /** Refuses what there is not, or is another's. */
  PipelineView find(String tenant, String id) {
    return PipelineId.parse(id)
        .flatMap(it -> view(tenant, it))
        .orElseThrow(
            () ->
                ProblemCode.PIPELINE_NOT_FOUND.with("It does not exist, or no longer.").refusal());
  }

  PipelineFolder folder(String tenant, PipelineId id) {
    return new PipelineFolder(store, tenant, id);
  }

  private Optional<PipelineView> view(String tenant, PipelineId id) {
    PipelineFolder folder = folder(tenant, id);
    return folder
        .pipeline()
        .map(
            pipeline ->
                new PipelineView(pipeline, folder.controls(), folder.ended(), counts(folder)));
  }

  /** Of one that is driven here with the parts of documents that have no result yet. */
  private Counts counts(PipelineFolder folder) {
    Optional<Progress> here = run.progress(folder.id());
    Counts written = tallies.of(folder.journal());
    return here.map(it -> it.of(written)).orElse(written);
  }

  /** The newest first. */
  List<PipelineView> list(String tenant, Optional<String> after, int limit) {
    String from = after.flatMap(PipelineId::parse).map(PipelineId::folder).orElse("");
    return store.list(PipelineFolder.of(tenant), from, limit).stream()
        .flatMap(it -> view(tenant, PipelineId.ofFolder(it.name())).stream())
        .toList();
  }

  /** Idempotent; one that has ended otherwise is refused. */
  PipelineView cancel(String tenant, String id) {
    PipelineView view = find(tenant, id);
    if (view.status().equals("cancelled")) {
      return view;
    }
    return change(view, PipelineFolder::cancel);
  }

  PipelineView pause(String tenant, String id) {
    return change(find(tenant, id), PipelineFolder::pause);
  }

  PipelineView resume(String tenant, String id) {
    return change(find(tenant, id), PipelineFolder::resume);
  }

  private interface Change {
    void of(PipelineFolder folder);
  }

  private PipelineView change(PipelineView view, Change change) {
    if (view.ended().isPresent()) {
      throw ended(view);
    }
    Pipeline pipeline = view.pipeline();
    change.of(folder(pipeline.tenant(), pipeline.id()));
    return find(pipeline.tenant(), pipeline.id().value());
  }

  private static Refusal ended(PipelineView view) {
    return ProblemCode.PIPELINE_ENDED.with("It is " + view.status() + " already.").refusal();
  }

  /** The text that was extracted of a document. */
  String text(String tenant, String id, String document) {
    Pipeline pipeline = find(tenant, id).pipeline();
    if (!document.matches("[0-9]{1,6}") || Integer.parseInt(document) >= pipeline.documents()) {
      throw ProblemCode.DOCUMENT_NOT_FOUND.with("The pipeline has no such document.").refusal();
    }
    int index = Integer.parseInt(document);
    PipelineFolder folder = folder(tenant, pipeline.id());
    return folder
        .about(index)
        .flatMap(about -> folder.text(index, about))
        .orElseThrow(
            () ->
                ProblemCode.DOCUMENT_NOT_FOUND
                    .with("No text was extracted of it, or not yet.")
                    .refusal());
  }
}

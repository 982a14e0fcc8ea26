package io.sluice.gateway.batch;

import io.sluice.FileStore;
import io.sluice.codec.Json;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.bulk.Drivers;
import io.sluice.gateway.bulk.Tallies;
import io.sluice.gateway.bulk.Undertaking.Opened;
import io.sluice.gateway.problem.OpenAiMembers;
import io.sluice.gateway.problem.ProblemCode;
import io.sluice.gateway.problem.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What tenants do with their batches. Blocks; fails with a {@code Refusal} what is not allowed.
 * Safe from any thread.
 */
final class BatchStore {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(60);

  private final FileStore store;
  private final BatchFiles files;
  private final Drivers drivers;
  private final BatchConfig config;
  private final InstantSource clock;
  private final Tallies<Counts> tallies;

  BatchStore(
      FileStore store, BatchFiles files, Drivers drivers, BatchConfig config, InstantSource clock) {
    this.store = store;
    this.files = files;
    this.drivers = drivers;
    this.config = config;
    this.clock = clock;
    this.tallies =
        new Tallies<>(store, Counts.NONE, (counts, entry) -> counts.plus(LineAnswer.parse(entry)));
  }

  /**
   * Who wants a batch, and under which promise.
   *
   * @param key the client's idempotency key
   */
  record Wish(Caller caller, Optional<String> key, String fingerprint) {}

  /**
   * A batch that there is.
   *
   * @param replayed whether an earlier request with the same key made it
   */
  record Made(BatchView view, boolean replayed) {}

  Made create(Wish wish, NewBatch asked) {
    Caller caller = wish.caller();
    return create(
        wish,
        (id, now) ->
            new Batch(
                id,
                caller.tenant(),
                caller.principal(),
                caller.scopes(),
                asked.inputFileId(),
                asked.endpoint(),
                asked.window(),
                now,
                now.plus(asked.windowTime()),
                asked.metadata(),
                asked.outputKept(),
                Optional.empty()));
  }

  /** A new batch of the lines of one that has ended which got no answer. */
  Made retry(Wish wish, String id) {
    Caller caller = wish.caller();
    BatchView before = find(caller.tenant(), id);
    if (before.ended().isEmpty()) {
      throw refused("batch_not_ended", "It has not ended yet: it may be retried then.");
    }
    if (before.started().isEmpty() || isWhole(before)) {
      throw refused("nothing_to_retry", "It has no line that could be run again.");
    }
    Batch old = before.batch();
    Duration window = Duration.between(old.createdAt(), old.expiresAt());
    return create(
        wish,
        (newId, now) ->
            new Batch(
                newId,
                caller.tenant(),
                caller.principal(),
                caller.scopes(),
                old.inputFileId(),
                old.endpoint(),
                old.window(),
                now,
                now.plus(window),
                Map.copyOf(old.metadata()),
                old.outputKept(),
                Optional.of(old.id())));
  }

  private static boolean isWhole(BatchView view) {
    int total = view.started().orElseThrow().path("total").asInt();
    return view.counts().completed() == total;
  }

  /** Makes a batch of an id and a time. */
  private interface Making {
    Batch of(BatchId id, Instant now);
  }

  private Made create(Wish wish, Making making) {
    String tenant = wish.caller().tenant();
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    BatchId id = BatchId.at(now);
    Batch batch = making.of(id, now);
    if (wish.key().isPresent()) {
      BatchKeys.Claim wanted = new BatchKeys.Claim(id, wish.fingerprint());
      BatchKeys.Claim claim = new BatchKeys(store).claim(tenant, wish.key().get(), wanted);
      if (!claim.fingerprint().equals(wish.fingerprint())) {
        throw ProblemCode.IDEMPOTENCY_KEY_REUSED
            .with("Another request came with this key; take a new one.")
            .refusal();
      }
      Optional<BatchView> made = view(tenant, claim.id());
      if (made.isPresent()) {
        return new Made(opened(made.get()), true);
      }
      batch = making.of(claim.id(), now);
    }
    check(batch);
    // First, so that no batch is there that nobody would ever drive.
    drivers.open(new Opened(batch.id().value(), tenant));
    folder(tenant, batch.id()).create(batch);
    return new Made(opened(view(tenant, batch.id()).orElseThrow()), false);
  }

  private void check(Batch batch) {
    long open = drivers.all().stream().filter(it -> it.tenant().equals(batch.tenant())).count();
    if (open >= config.openMax()) {
      throw ProblemCode.TOO_MANY_BATCHES
          .with("At most " + config.openMax() + " batches may be open; wait for one to end.")
          .retryAfter(RETRY_AFTER)
          .refusal();
    }
    if (!files.pin(batch)) {
      throw OpenAiMembers.refusal(
          "input_file_id",
          "file_not_found",
          "There is no such file of purpose batch, or no longer.");
    }
  }

  /** One that was made and not opened is opened by the next try with its key. */
  private BatchView opened(BatchView view) {
    if (view.ended().isEmpty()) {
      drivers.open(new Opened(view.batch().id().value(), view.batch().tenant()));
    }
    return view;
  }

  /** Refuses what there is not, or is another's. */
  BatchView find(String tenant, String id) {
    return BatchId.parse(id)
        .flatMap(it -> view(tenant, it))
        .orElseThrow(
            () -> ProblemCode.BATCH_NOT_FOUND.with("It does not exist, or no longer.").refusal());
  }

  BatchFolder folder(String tenant, BatchId id) {
    return new BatchFolder(store, tenant, id);
  }

  private Optional<BatchView> view(String tenant, BatchId id) {
    return BatchView.of(folder(tenant, id), tallies);
  }

  /** The newest first. */
  List<BatchView> list(String tenant, Optional<String> after, int limit) {
    String from = after.flatMap(BatchId::parse).map(BatchId::folder).orElse("");
    return store.list(BatchFolder.of(tenant), from, limit).stream()
        .flatMap(it -> view(tenant, BatchId.ofFolder(it.name())).stream())
        .toList();
  }

  /** Idempotent; one that has ended stays as it is, and is refused if it was not cancelled. */
  BatchView cancel(String tenant, String id) {
    BatchView view = find(tenant, id);
    if (view.status() == BatchStatus.CANCELLED) {
      return view;
    }
    open(view, "cancelled");
    folder(tenant, view.batch().id())
        .cancel(Json.object().put("at", clock.instant().toEpochMilli()));
    return find(tenant, id);
  }

  BatchView pause(String tenant, String id) {
    BatchView view = open(find(tenant, id), "paused");
    folder(tenant, view.batch().id()).pause();
    return find(tenant, id);
  }

  BatchView resume(String tenant, String id) {
    BatchView view = open(find(tenant, id), "resumed");
    folder(tenant, view.batch().id()).resume();
    return find(tenant, id);
  }

  private static BatchView open(BatchView view, String what) {
    if (view.ended().isPresent()) {
      String status = view.status().wireName();
      throw refused(
          "invalid_batch_status",
          "It is " + status + ": only a batch that has not ended can be " + what + ".");
    }
    return view;
  }

  private static Refusal refused(String code, String detail) {
    return OpenAiMembers.refusal("batch_id", code, detail);
  }
}

package io.sluice.gateway.batch;

import io.sluice.Ending;
import io.sluice.JobRecord;
import io.sluice.JobState;
import io.sluice.codec.Json;
import io.sluice.gateway.batch.LineIndex.Place;
import io.sluice.gateway.bulk.JobGroup;
import io.sluice.gateway.bulk.JobGroup.Result;
import io.sluice.gateway.bulk.Journal;
import io.sluice.gateway.bulk.Watch;
import io.sluice.gateway.bulk.Watch.Stop;
import java.util.Optional;

/**
 * A batch that runs: its requests become jobs in their order, as many at a time as a {@link
 * JobGroup} takes, and what becomes of each is written down once. Used by one thread.
 */
final class Running {
  private final BatchRun.Parts parts;
  private final BatchFolder folder;
  private final Batch batch;
  private final LineIndex index;
  private final LineJobs jobs;

  Running(BatchRun.Parts parts, BatchFolder folder, Batch batch, LineIndex index) {
    this.parts = parts;
    this.folder = folder;
    this.batch = batch;
    this.index = index;
    this.jobs = new LineJobs(parts, batch);
  }

  /** Runs what has not been run, to the end of the batch. */
  void run() throws InterruptedException {
    folder.start(
        Json.object()
            .put("at", parts.clock().instant().toEpochMilli())
            .put("total", index.size())
            .put("model", index.model()));
    if (folder.finalizing().isEmpty()) {
      folder.finalize(
          Json.object()
              .put("status", lines().wireName())
              .put("at", parts.clock().instant().toEpochMilli()));
    }
    new Finale(parts, folder, batch).make();
  }

  /** Says how the batch ends when each of its requests has an entry. */
  private BatchStatus lines() throws InterruptedException {
    JobGroup.Terms terms =
        new JobGroup.Terms(batch.id().value(), batch.caller(), batch.expiresAt());
    try (Journal journal = Journal.open(parts.store(), folder.journal(), known -> {});
        LineSource lines = new LineSource(parts.files(), batch);
        JobGroup group = parts.jobs().group(terms);
        Watch watch = Watch.start(group, folder::controls, parts.clock())) {
      Attempt attempt = new Attempt(journal, lines, group, watch);
      BatchStatus status = attempt.status();
      journal.flush();
      return status;
    }
  }

  /** What one driver does until it is done or lets go. */
  private final class Attempt {
    private final Journal journal;
    private final LineSource lines;
    private final JobGroup group;
    private final Watch watch;

    private Attempt(Journal journal, LineSource lines, JobGroup group, Watch watch) {
      this.journal = journal;
      this.lines = lines;
      this.group = group;
      this.watch = watch;
    }

    private BatchStatus status() throws InterruptedException {
      boolean there = true;
      int begun = 0;
      for (Place place : index.places()) {
        if (!journal.has(place.piece()) && (watch.mayGoOn() || mayRunOn(begun))) {
          begun++;
          there = there && begin(place);
        }
      }
      group.await();
      if (!there) {
        return BatchStatus.FAILED;
      }
      return journal.size() == index.size() ? BatchStatus.COMPLETED : stopped();
    }

    /** Whether a driver before this one may have left the job of such a request running. */
    private boolean mayRunOn(int before) {
      return before < JobGroup.JOBS_MAX;
    }

    /** False if the input file is gone. */
    private boolean begin(Place place) throws InterruptedException {
      Optional<Request> request = lines.read(place).map(jobs.plain()::read);
      switch (request.orElse(null)) {
        case null -> {
          return false;
        }
        case Request.Bad bad -> {
          BatchError why = bad.why().getFirst();
          add(place, LineAnswer.unanswered(head(place, bad), why.code(), why.message()));
        }
        case Request.Good good ->
            group.begin(
                jobs.ask(place, good),
                result -> answer(head(place, good), good, result).ifPresent(it -> add(place, it)));
      }
      return true;
    }

    /** Empty for what has no answer since the batch ends before it. */
    private Optional<LineAnswer> answer(LineAnswer.Head head, Request.Good request, Result result) {
      return switch (result) {
        case Result.Ended(JobRecord record) when isStopped(record) -> Optional.empty();
        case Result.Ended(JobRecord record) ->
            Optional.of(LineAnswer.of(head, request.order(), record));
        case Result.Refused(var problem) ->
            Optional.of(LineAnswer.refused(head, request.order(), problem));
        case Result.TooLate late -> Optional.empty();
        case Result.Cancelled cancelled -> Optional.empty();
      };
    }

    private boolean isStopped(JobRecord record) {
      boolean cancelled = record.ending().orElseThrow() instanceof Ending.Cancelled;
      return record.state() == JobState.EXPIRED || cancelled && watch.stop().isPresent();
    }

    /** Every request that has no entry gets one that says why. */
    private BatchStatus stopped() throws InterruptedException {
      Stop why = watch.stop().orElseGet(this::tooLate);
      for (Place place : index.places()) {
        if (!journal.has(place.piece())) {
          Optional<Request> request = lines.read(place).map(jobs.plain()::read);
          if (request.isEmpty()) {
            return BatchStatus.FAILED;
          }
          add(place, unanswered(head(place, request.get()), why));
        }
      }
      return switch (why) {
        case CANCELLED -> BatchStatus.CANCELLED;
        case EXPIRED -> BatchStatus.EXPIRED;
      };
    }

    private static LineAnswer unanswered(LineAnswer.Head head, Stop why) {
      return switch (why) {
        case CANCELLED ->
            LineAnswer.unanswered(
                head,
                "batch_cancelled",
                "The batch was cancelled before this request was answered.");
        case EXPIRED ->
            LineAnswer.unanswered(
                head,
                "batch_expired",
                "This request could not be executed before the completion window expired.");
      };
    }

    private Stop tooLate() {
      if (parts.clock().instant().isBefore(batch.expiresAt())) {
        throw new IllegalStateException("requests of " + batch.id() + " have no end");
      }
      return Stop.EXPIRED;
    }

    private LineAnswer.Head head(Place place, Request request) {
      return LineAnswer.Head.of(batch.id().value(), place.piece(), request.customId());
    }

    private void add(Place place, LineAnswer answer) {
      try {
        if (journal.add(place.piece(), answer.json())) {
          parts.meters().answered(answer.completed());
        }
      } catch (InterruptedException letGo) {
        // It is got again by whoever goes on.
        Thread.currentThread().interrupt();
      }
    }
  }
}

package io.sluice.gateway.submit;

import io.sluice.Admission;
import io.sluice.Admission.Decision;
import io.sluice.Admission.Standing;
import io.sluice.Forecast;
import io.sluice.Job;
import io.sluice.JobListener;
import io.sluice.JobMessage;
import io.sluice.JobQueue.Publish;
import io.sluice.JobRecord;
import io.sluice.JobState;
import io.sluice.JobStore;
import io.sluice.Lane;
import io.sluice.LaneOrder;
import io.sluice.Sharing;
import io.sluice.Tenant;
import io.sluice.Ticket;
import io.sluice.Unavailable;
import io.sluice.WebhookDelivery;
import io.sluice.forecast.Outlook;
import io.sluice.gateway.GatewayPorts;
import io.sluice.gateway.OnContext;
import io.sluice.gateway.cache.CacheWish;
import io.sluice.gateway.cache.Sharings;
import io.sluice.gateway.limit.LimitReport;
import io.sluice.gateway.limit.Ruling;
import io.sluice.gateway.limit.Smoothing;
import io.sluice.gateway.limit.TenantTerms;
import io.sluice.gateway.stream.JobWait;
import io.sluice.gateway.waiting.DeadlineProblem;
import io.sluice.gateway.waiting.DrainTime;
import io.sluice.gateway.waiting.Outlooks;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Admit, publish, confirm: the order that no crash may break (DESIGN section 4, rule 1).
 *
 * <ul>
 *   <li>the store did not answer: never published, whatever it admitted, and undone when it answers
 *       again;
 *   <li>dies after admit: the record is unpublished, nobody was told 202; a replay of the key
 *       publishes it, else its place is given back after a minute;
 *   <li>dies after publish, before the confirm or the mark: the same; the message may run besides,
 *       and a second one of the same id finds the job ended;
 *   <li>the queue refused: undone, since nothing can be stored;
 *   <li>the queue did not answer: never undone, since it may be stored;
 *   <li>the answer is known: the record is made and ended in one step, and nothing is published.
 * </ul>
 */
public final class Submission {
  private static final Logger LOG = LoggerFactory.getLogger(Submission.class);

  private static final Duration REPLAY_POLL = Duration.ofMillis(100);

  private final Vertx vertx;
  private final GatewayPorts ports;
  private final Afterwards afterwards;
  private final JobWait waits;
  private final Duration replayWait;
  private final Limiting limiting;

  public Submission(
      Vertx vertx,
      GatewayPorts ports,
      Afterwards afterwards,
      JobWait waits,
      Duration replayWait,
      Limiting limiting) {
    this.vertx = vertx;
    this.ports = ports;
    this.afterwards = afterwards;
    this.waits = waits;
    this.replayWait = replayWait;
    this.limiting = limiting;
  }

  /** What stands between a job and the queue. */
  public record Limiting(
      TenantTerms terms,
      Smoothing smoothing,
      LimitReport report,
      Outlooks outlooks,
      Sharings sharings,
      JobListener listener) {}

  /** What the store is told when the client has its answer. */
  public record Afterwards(PublishMarks marks, Unanswered unanswered) {}

  /**
   * Completes on the caller's context.
   *
   * @param address from where it comes
   */
  public Future<Outcome> submit(Job job, Presence client, String address, CacheWish wish) {
    return limiting
        .sharings()
        .of(job, wish)
        .compose(sharing -> submit(job, client, address, sharing));
  }

  private Future<Outcome> submit(
      Job job, Presence client, String address, Optional<Sharing> sharing) {
    return OnContext.of(vertx, limiting.terms().of(job.tenant()))
        .compose(
            terms -> {
              Job told = WebhookChoice.of(job, terms, client);
              return limiting
                  .outlooks()
                  .of(told.pool())
                  .compose(
                      outlook -> consider(new Request(told, address, terms, outlook, sharing)));
            });
  }

  /** A job that asks to be let in under its tenant's terms, and what is known of the wait there. */
  private record Request(
      Job job, String address, Tenant terms, Optional<Outlook> outlook, Optional<Sharing> sharing) {
    Optional<Forecast> forecast() {
      return outlook.map(it -> it.forecast(job.jobClass(), job.tenant(), terms.weight()));
    }

    Admission.Entry entry() {
      return new Admission.Entry(job, terms.limits(), terms.weight(), forecast(), sharing);
    }
  }

  /** What would start too late is not asked about, unless its answer is known or it was let in. */
  private Future<Outcome> consider(Request request) {
    Optional<Forecast> late =
        request.forecast().filter(it -> DeadlineProblem.applies(request.job(), it));
    if (late.isEmpty()) {
      return admit(request);
    }
    return isKnown(request)
        .compose(known -> known ? admit(request) : admitAgain(request, late.get()));
  }

  private Future<Boolean> isKnown(Request request) {
    return request
        .sharing()
        .map(sharing -> OnContext.of(vertx, ports.answers().holds(sharing)))
        .orElse(Future.succeededFuture(false));
  }

  private Future<Outcome> admitAgain(Request request, Forecast late) {
    return OnContext.of(vertx, ports.admission().replay(request.job()))
        .compose(
            before ->
                before.isPresent()
                    ? decided(request, before.get())
                    : Future.succeededFuture(new Outcome.TooLate(late)));
  }

  private Future<Outcome> admit(Request request) {
    return OnContext.of(vertx, ports.admission().admit(request.entry()))
        .transform(
            decision ->
                decision.succeeded()
                    ? decided(request, decision.result())
                    : undecided(request.job(), decision.cause()));
  }

  private Future<Outcome> decided(Request request, Decision decision) {
    return switch (decision) {
      case Decision.Admitted(Standing standing, Ticket ticket) -> {
        Ruling ruling = ruling(request, standing);
        if (request.sharing().isPresent()) {
          limiting.listener().missed(request.job());
        }
        yield limiting
            .smoothing()
            .hold(standing.delay())
            .compose(
                held ->
                    first(new Publication(queued(request.job(), ticket), request.terms()), ruling));
      }
      case Decision.Answered(Standing standing, JobRecord record) ->
          // It never was in the queue, and has ended.
          Future.succeededFuture(
              new Outcome.Accepted(record, Optional.of(ruling(request, standing))));
      case Decision.Replayed(JobRecord record) -> replay(new Publication(record, request.terms()));
      case Decision.KeyReused reused -> Future.succeededFuture(new Outcome.KeyReused());
      case Decision.Refused(Standing standing) ->
          Future.succeededFuture(new Outcome.LimitReached(ruling(request, standing)));
    };
  }

  private Future<Outcome> undecided(Job job, Throwable why) {
    if (!(why instanceof Unavailable)) {
      return Future.failedFuture(why);
    }
    afterwards.unanswered().add(job.id());
    return Future.succeededFuture(new Outcome.Undecided());
  }

  private Ruling ruling(Request request, Standing standing) {
    Standing timed = DrainTime.of(standing, request.job(), request.outlook());
    Ruling ruling = new Ruling(timed, request.terms().limits().shadow());
    limiting.report().add(request.job(), request.address(), ruling);
    return ruling;
  }

  /** A record on its way to its lane, and the terms of its tenant, by which the lane is served. */
  private record Publication(JobRecord record, Tenant terms) {
    JobMessage message() {
      return new JobMessage(record.job(), record.attempt());
    }

    Lane lane() {
      return Lane.home(record.job(), record.ticket());
    }

    Publication of(JobRecord now) {
      return new Publication(now, terms);
    }
  }

  private Future<Outcome> first(Publication publication, Ruling ruling) {
    return publish(publication)
        .compose(
            publish ->
                switch (publish) {
                  case CONFIRMED ->
                      Future.succeededFuture(accepted(publication, Optional.of(ruling)));
                  case REFUSED -> undo(publication.record().job());
                  case UNKNOWN -> Future.succeededFuture(new Outcome.NotConfirmed(true));
                });
  }

  private Future<Outcome> undo(Job job) {
    return OnContext.of(vertx, ports.admission().undo(job.id()))
        .onFailure(e -> LOG.warn("{} was refused by the queue and not undone: {}", job.id(), e))
        .transform(done -> Future.succeededFuture(new Outcome.NotConfirmed(false)));
  }

  private Future<Outcome> replay(Publication publication) {
    JobRecord record = publication.record();
    if (isPublished(record)) {
      return Future.succeededFuture(replayed(record));
    }
    return waits
        .until(record.id(), Submission::isPublished, replayWait, REPLAY_POLL)
        .outcome()
        .compose(
            lookup ->
                switch (lookup) {
                  case JobStore.Lookup.Found(JobRecord now) when isPublished(now) ->
                      Future.succeededFuture(replayed(now));
                  case JobStore.Lookup.Found(JobRecord now) -> again(publication.of(now));
                  case JobStore.Lookup.Absent absent ->
                      // The first submission was undone meanwhile: this one did not happen either.
                      Future.succeededFuture(new Outcome.NotConfirmed(false));
                  case JobStore.Lookup.Recovering recovering ->
                      Future.failedFuture(new Unavailable("store", "being rebuilt"));
                });
  }

  /** Publishes the same id; never undone, since the first message may be stored. */
  private Future<Outcome> again(Publication publication) {
    return publish(publication)
        .map(
            publish ->
                switch (publish) {
                  case CONFIRMED -> accepted(publication, Optional.empty());
                  case REFUSED, UNKNOWN -> new Outcome.NotConfirmed(true);
                });
  }

  private Outcome accepted(Publication publication, Optional<Ruling> ruling) {
    JobRecord record = publication.record();
    afterwards.marks().add(record.id());
    ports
        .order()
        .offered(publication.lane(), LaneOrder.Share.of(publication.terms()))
        .onFailure(
            e -> LOG.debug("{} was not announced; workers look by themselves", record.id(), e));
    return new Outcome.Accepted(record, ruling);
  }

  private static Outcome replayed(JobRecord record) {
    return new Outcome.Accepted(record, Optional.empty());
  }

  private Future<Publish> publish(Publication publication) {
    return OnContext.of(
            vertx,
            ports.queue().publish(publication.lane(), publication.message()),
            Publish.UNKNOWN)
        .recover(
            e -> {
              LOG.warn(
                  "{}: the queue did not say whether it has it: {}", publication.record().id(), e);
              return Future.succeededFuture(Publish.UNKNOWN);
            });
  }

  /** A job that a worker has touched is in the queue, whatever its mark says. */
  private static boolean isPublished(JobRecord record) {
    return record.published() || record.attempt() > 0 || record.state() != JobState.QUEUED;
  }

  private static JobRecord queued(Job job, Ticket ticket) {
    return new JobRecord(
        job,
        JobState.QUEUED,
        true,
        0,
        0,
        0,
        0,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(ticket),
        job.webhook().map(url -> WebhookDelivery.OWED_LATER));
  }

  /** What became of a submission. */
  public sealed interface Outcome {
    /**
     * The queue has it: it will end in exactly one way.
     *
     * @param ruling what the limits said; empty for a replay, which is charged nothing
     */
    record Accepted(JobRecord record, Optional<Ruling> ruling) implements Outcome {}

    /** The idempotency key belongs to another request. */
    record KeyReused() implements Outcome {}

    record LimitReached(Ruling ruling) implements Outcome {}

    /** It would expire before it could start; nothing was admitted. */
    record TooLate(Forecast forecast) implements Outcome {}

    /**
     * The store did not say in time whether it admitted the job. Nobody publishes it: if there is a
     * record, it is undone when the store answers again, unless somebody replays it before.
     */
    record Undecided() implements Outcome {}

    /**
     * @param mayRun whether the queue may have it all the same
     */
    record NotConfirmed(boolean mayRun) implements Outcome {}
  }
}

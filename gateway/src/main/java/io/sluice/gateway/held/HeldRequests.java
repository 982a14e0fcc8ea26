package io.sluice.gateway.held;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.Job;
import io.sluice.Subscription;
import io.sluice.gateway.Body;
import io.sluice.gateway.Intake;
import io.sluice.gateway.OffLoop;
import io.sluice.gateway.Parameters;
import io.sluice.gateway.Reply;
import io.sluice.gateway.RequestTime;
import io.sluice.gateway.StreamBounds;
import io.sluice.gateway.Untimed;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.problem.ProblemCode;
import io.sluice.gateway.problem.Refusal;
import io.sluice.gateway.stream.CallerWatch;
import io.sluice.gateway.stream.JobWait;
import io.sluice.gateway.stream.KeepAlive;
import io.sluice.gateway.stream.LogReader;
import io.sluice.gateway.stream.Readers;
import io.sluice.gateway.submit.Counting;
import io.sluice.gateway.submit.JobReader;
import io.sluice.gateway.submit.StrictJson;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Serves surfaces: takes a request in by the same path as {@code POST /v1/jobs}, and holds its
 * client until the answer. A client that leaves takes its job along, in whatever phase it is.
 */
public final class HeldRequests {
  private static final int SESSION_CHARS_MAX = 128;

  /**
   * Who a front end says it asks for: the user before the chat, since fairness is between users.
   */
  private static final List<String> SESSIONS =
      List.of("X-OpenWebUI-User-Id", "X-OpenWebUI-Chat-Id");

  /**
   * Such clients cannot say how long their answer may take, and their server has no bound. Engines
   * that hang are noticed by their silence, long before.
   */
  private static final String TIMEOUT = "10m";

  private final Door door;
  private final Keeper keeper;
  private volatile boolean stopped;

  public HeldRequests(Door door, Env env, HeldConfig config, MeterRegistry meters) {
    this.door = door;
    this.keeper =
        new Keeper(
            env,
            config,
            new KeepAlive(env.vertx(), config.heartbeat()),
            new Withdrawals(env.vertx(), door.intake()),
            new HeldMeters(meters));
  }

  /** What a request passes to become a job. */
  public record Door(Body body, Counting counting, Intake intake, Readers readers) {}

  /** What a client is told from while it is held. */
  public record Env(
      Vertx vertx,
      InstantSource clock,
      LogReader.Log log,
      JobWait waits,
      CallerWatch callers,
      StreamBounds streams) {}

  public void start() {
    keeper.beats().start();
  }

  /** Ends every held request, and completes when their jobs were told, or soon after. */
  public Future<Void> stop() {
    stopped = true;
    keeper.beats().stop();
    return keeper.withdrawals().settled();
  }

  /** Serves one route. */
  public Handler<RoutingContext> serve(Surface surface) {
    return http -> handle(http, surface);
  }

  private void handle(RoutingContext http, Surface surface) {
    Caller.of(http).needToSubmit();
    Client client = new Client(http);
    Subscription place = door.readers().enter(Caller.of(http));
    client.whenGone(place::close);
    read(http, surface, body -> take(http, surface, client, body))
        .onSuccess(taken -> taken(http, surface, client, place, taken))
        .onFailure(
            e -> {
              place.close();
              door.intake().refused(http, e);
              http.fail(e);
            });
  }

  private <T> Future<T> read(
      RoutingContext http, Surface surface, Function<Buffer, Future<T>> use) {
    return surface.takesAnyType() ? door.body().bytes(http, use) : door.body().read(http, use);
  }

  private Future<Taken> take(RoutingContext http, Surface surface, Client client, Buffer body) {
    JobReader.Envelope envelope = Intake.envelope(http).sessionOr(session(http));
    byte[] bytes = body.getBytes();
    return door.counting()
        .read(bytes.length, reader -> StrictJson.parse(bytes))
        .compose(json -> surface.before(http, json).compose(it -> ready(it, json, bytes, envelope)))
        .compose(ready -> submit(http, client, ready));
  }

  private Future<Ready> ready(
      Surface surface, JsonNode json, byte[] bytes, JobReader.Envelope envelope) {
    return door.counting()
        .read(
            bytes.length + surface.charsMore(),
            reader -> ready(surface.read(json), reader, envelope));
  }

  private static Optional<String> session(RoutingContext http) {
    return SESSIONS.stream()
        .flatMap(name -> Parameters.header(http, name, SESSION_CHARS_MAX).stream())
        .findFirst();
  }

  private static Ready ready(Order order, JobReader reader, JobReader.Envelope envelope) {
    try {
      return switch (order) {
        case Order.OfJob it -> {
          boolean held = !(it instanceof Order.Released);
          Job job = reader.read(timed(it.job()), held ? envelope.held() : envelope);
          yield new Ready(Telling.of(order), Optional.of(it.kept().map(job::surface).orElse(job)));
        }
        case Order.Immediate it -> {
          reader.check(it.model(), it.kind(), envelope.caller());
          yield new Ready(Telling.of(order), Optional.empty());
        }
      };
    } catch (Refusal refusal) {
      throw order.phrasing().apply(refusal.problem()).refusal();
    }
  }

  private static ObjectNode timed(ObjectNode job) {
    return job.has("timeout") ? job : job.put("timeout", TIMEOUT);
  }

  private Future<Taken> submit(RoutingContext http, Client client, Ready ready) {
    if (ready.job().isEmpty() || client.isGone()) {
      return Future.succeededFuture(new Taken(ready.telling(), Optional.empty()));
    }
    Job job = ready.job().get();
    return door.intake()
        .submit(http, job, ready.telling().presence())
        .map(accepted -> new Taken(ready.telling(), Optional.of(accepted)))
        .recover(
            e -> {
              mayRun(http, client, job, e);
              return Future.failedFuture(ready.telling().phrased(e));
            });
  }

  /** The queue may have a job all the same, which only a retry with its key would ever ask for. */
  private void mayRun(RoutingContext http, Client client, Job job, Throwable why) {
    boolean unconfirmed =
        why instanceof Refusal refusal && refusal.problem().code() == ProblemCode.QUEUE_UNAVAILABLE;
    if (unconfirmed && (job.idempotency().isEmpty() || client.isGone())) {
      RequestTime.lift(keeper.vertx());
      keeper.withdrawals().end(http, job.id());
    }
  }

  private void taken(
      RoutingContext http, Surface surface, Client client, Subscription place, Taken taken) {
    RequestTime.lift(keeper.vertx());
    if (taken.telling() instanceof Telling.Immediate immediate) {
      place.close();
      Reply.json(http, 200, immediate.answer());
    } else if (taken.telling() instanceof Telling.Released released) {
      place.close();
      taken.accepted().ifPresent(accepted -> released.answer().accept(http, accepted.record()));
    } else if (taken.accepted().isPresent()) {
      Intake.Accepted accepted = taken.accepted().get();
      http.response().putHeader("X-Request-Id", accepted.record().id().value());
      Untimed.mark(http);
      Hold hold = new Hold(keeper, http, surface.name(), accepted, place);
      tell(http, client, taken.telling(), accepted, hold);
    }
  }

  private void tell(
      RoutingContext http, Client client, Telling telling, Intake.Accepted accepted, Hold hold) {
    switch (telling) {
      case Telling.Stream it ->
          OffLoop.of(
                  keeper.vertx(),
                  accepted.record().job(),
                  () -> it.voice().apply(accepted.record()))
              .onSuccess(
                  voice -> {
                    new HeldStream(keeper, http, hold, it.phrasing(), voice).start(client);
                    leaveIfStopped(hold);
                  })
              .onFailure(http::fail);
      case Telling.Whole it -> {
        new HeldAnswer(keeper, http, hold, it.phrasing(), it.answer()).start(client);
        leaveIfStopped(hold);
      }
      case Telling.Released it -> throw new IllegalStateException("nobody waits for it");
      case Telling.Immediate it -> throw new IllegalStateException("it has no job");
    }
  }

  private void leaveIfStopped(Hold hold) {
    if (stopped) {
      hold.leave();
    }
  }

  private record Ready(Telling telling, Optional<Job> job) {}

  private record Taken(Telling telling, Optional<Intake.Accepted> accepted) {}

  /** What all held requests of a gateway have in common. */
  record Keeper(
      Env env, HeldConfig config, KeepAlive beats, Withdrawals withdrawals, HeldMeters meters) {
    Vertx vertx() {
      return env.vertx();
    }

    InstantSource clock() {
      return env.clock();
    }

    LogReader.Log log() {
      return env.log();
    }

    JobWait waits() {
      return env.waits();
    }

    CallerWatch callers() {
      return env.callers();
    }

    StreamBounds streams() {
      return env.streams();
    }
  }
}

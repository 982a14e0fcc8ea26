package io.sluice.gateway.held;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.Job;
import io.sluice.JobRecord;
import io.sluice.Subscription;
import io.sluice.gateway.Body;
import io.sluice.gateway.Intake;
import io.sluice.gateway.Parameters;
import io.sluice.gateway.Reply;
import io.sluice.gateway.RequestTime;
import io.sluice.gateway.StreamBounds;
import io.sluice.gateway.Untimed;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.problem.Problem;
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
import java.util.function.UnaryOperator;

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
        .onSuccess(taken -> hold(http, surface, client, place, taken))
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
        .read(
            bytes.length, reader -> ready(surface.read(StrictJson.parse(bytes)), reader, envelope))
        .compose(ready -> submit(http, client, ready));
  }

  private static Optional<String> session(RoutingContext http) {
    return SESSIONS.stream()
        .flatMap(name -> Parameters.header(http, name, SESSION_CHARS_MAX).stream())
        .findFirst();
  }

  private static Ready ready(Order order, JobReader reader, JobReader.Envelope envelope) {
    try {
      return switch (order) {
        case Order.OfJob it ->
            new Ready(told(order), Optional.of(reader.read(timed(it.job()), envelope)));
        case Order.Immediate it -> {
          reader.check(it.model(), it.kind(), envelope.caller());
          yield new Ready(told(order), Optional.empty());
        }
      };
    } catch (Refusal refusal) {
      throw order.phrasing().apply(refusal.problem()).refusal();
    }
  }

  private static ObjectNode timed(ObjectNode job) {
    return job.has("timeout") ? job : job.put("timeout", TIMEOUT);
  }

  /** What is kept of an order: not the prompt, which its job has. */
  private static Telling told(Order order) {
    return switch (order) {
      case Order.Streamed(var job, var phrasing, var voice) -> new Telling.Stream(phrasing, voice);
      case Order.Whole(var job, var phrasing, var answer) -> new Telling.Whole(phrasing, answer);
      case Order.Immediate(var kind, var model, var phrasing, JsonNode answer) ->
          new Telling.Immediate(phrasing, answer);
    };
  }

  private Future<Taken> submit(RoutingContext http, Client client, Ready ready) {
    if (ready.job().isEmpty() || client.isGone()) {
      return Future.succeededFuture(new Taken(ready.telling(), Optional.empty()));
    }
    Job job = ready.job().get();
    return door.intake()
        .submit(http, job)
        .map(accepted -> new Taken(ready.telling(), Optional.of(accepted)))
        .recover(
            e -> {
              mayRun(http, client, job, e);
              return Future.failedFuture(phrased(ready.telling(), e));
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

  private static Throwable phrased(Telling telling, Throwable why) {
    return why instanceof Refusal refusal
        ? telling.phrasing().apply(refusal.problem()).refusal()
        : why;
  }

  private void hold(
      RoutingContext http, Surface surface, Client client, Subscription place, Taken taken) {
    RequestTime.lift(keeper.vertx());
    if (taken.telling() instanceof Telling.Immediate immediate) {
      place.close();
      Reply.json(http, 200, immediate.answer());
    } else if (taken.accepted().isPresent()) {
      Untimed.mark(http);
      hold(http, surface, client, taken.telling(), hold(http, surface, place, taken));
    }
  }

  private Held hold(RoutingContext http, Surface surface, Subscription place, Taken taken) {
    Intake.Accepted accepted = taken.accepted().orElseThrow();
    http.response().putHeader("X-Request-Id", accepted.record().id().value());
    Hold hold = new Hold(keeper, http, surface.name(), accepted, place);
    return new Held(hold, accepted);
  }

  private void hold(
      RoutingContext http, Surface surface, Client client, Telling telling, Held held) {
    switch (telling) {
      case Telling.Stream(var phrasing, var voice) ->
          new HeldStream(
                  keeper,
                  http,
                  surface.name(),
                  held,
                  phrasing,
                  voice.apply(held.accepted().record()))
              .start(client);
      case Telling.Whole(var phrasing, var answer) ->
          new HeldAnswer(keeper, http, held.hold(), phrasing, answer).start(client);
      case Telling.Immediate immediate -> {}
    }
    if (stopped) {
      held.hold().leave();
    }
  }

  /** A hold, and what was accepted. */
  record Held(Hold hold, Intake.Accepted accepted) {
    boolean replayed() {
      return accepted.replayed();
    }
  }

  private record Ready(Telling telling, Optional<Job> job) {}

  private record Taken(Telling telling, Optional<Intake.Accepted> accepted) {}

  /** How a client is told. */
  private sealed interface Telling {
    UnaryOperator<Problem> phrasing();

    record Stream(UnaryOperator<Problem> phrasing, Function<JobRecord, Voice> voice)
        implements Telling {}

    record Whole(UnaryOperator<Problem> phrasing, Function<JobRecord, JsonNode> answer)
        implements Telling {}

    record Immediate(UnaryOperator<Problem> phrasing, JsonNode answer) implements Telling {}
  }

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

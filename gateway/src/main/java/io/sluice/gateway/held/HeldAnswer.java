package io.sluice.gateway.held;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.JobRecord;
import io.sluice.JobStore.Lookup;
import io.sluice.codec.Json;
import io.sluice.gateway.OffLoop;
import io.sluice.gateway.Reply;
import io.sluice.gateway.held.HeldMeters.Outcome;
import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.problem.ProblemCode;
import io.sluice.gateway.stream.JobWait;
import io.vertx.core.AsyncResult;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * One client that is told of its job when it has ended, at once. Its status waits for the verdict,
 * however long that takes: nothing can be said before it that could be taken back.
 */
final class HeldAnswer {
  /** Wake-ups are made up for by the port itself: this only guards against its bugs. */
  private static final Duration POLL = Duration.ofSeconds(5);

  /** The hold ends by itself before. */
  private static final Duration LONGEST = Duration.ofDays(14);

  private final HeldRequests.Keeper keeper;
  private final RoutingContext http;
  private final Hold hold;
  private final UnaryOperator<Problem> phrasing;
  private final Function<JobRecord, JsonNode> answer;
  private Runnable abandon = () -> {};

  HeldAnswer(
      HeldRequests.Keeper keeper,
      RoutingContext http,
      Hold hold,
      UnaryOperator<Problem> phrasing,
      Function<JobRecord, JsonNode> answer) {
    this.keeper = keeper;
    this.http = http;
    this.hold = hold;
    this.phrasing = phrasing;
    this.answer = answer;
  }

  void start(Client client) {
    hold.begin(client, () -> abandon.run(), (outcome, why) -> fail(why));
    if (!hold.isOver()) {
      JobWait.Waiting waiting =
          keeper.waits().until(hold.id(), job -> job.state().isTerminal(), LONGEST, POLL);
      abandon = waiting::abandon;
      waiting.outcome().onComplete(this::over);
    }
  }

  private void over(AsyncResult<Lookup> waited) {
    if (waited.succeeded()
        && waited.result() instanceof Lookup.Found(JobRecord record)
        && record.state().isTerminal()) {
      ended(record);
    } else if (waited.succeeded() && waited.result() instanceof Lookup.Absent) {
      if (hold.end(Outcome.FAILED)) {
        fail(ProblemCode.STORE_UNAVAILABLE.with("The store lost the job. Ask again."));
      }
    } else {
      // The waits end before the jobs only when the gateway goes.
      hold.leave();
    }
  }

  private void ended(JobRecord record) {
    Optional<Problem> why = Verdict.problem(record);
    if (why.isEmpty()) {
      OffLoop.of(keeper.vertx(), record.job(), () -> Json.write(answer.apply(record)))
          .onComplete(this::answered);
    } else if (hold.end(Outcome.FAILED)) {
      fail(why.get());
    }
  }

  private void answered(AsyncResult<String> made) {
    if (!hold.end(made.succeeded() ? Outcome.ANSWERED : Outcome.FAILED)) {
      return;
    }
    if (made.succeeded()) {
      Reply.json(http, 200, made.result());
    } else {
      http.fail(made.cause());
    }
  }

  private void fail(Problem why) {
    http.fail(phrasing.apply(why).refusal());
  }
}

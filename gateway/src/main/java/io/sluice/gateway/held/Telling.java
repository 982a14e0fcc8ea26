package io.sluice.gateway.held;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.JobRecord;
import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.problem.Refusal;
import io.sluice.gateway.submit.Presence;
import io.vertx.ext.web.RoutingContext;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** What is kept of an order: how its client is told, and not the prompt, which the job has. */
sealed interface Telling {
  UnaryOperator<Problem> phrasing();

  record Stream(UnaryOperator<Problem> phrasing, Function<JobRecord, Voice> voice)
      implements Telling {}

  record Whole(UnaryOperator<Problem> phrasing, Function<JobRecord, JsonNode> answer)
      implements Telling {}

  /** Nobody is held: the client is answered when its job is accepted. */
  record Released(UnaryOperator<Problem> phrasing, BiConsumer<RoutingContext, JobRecord> answer)
      implements Telling {}

  record Immediate(UnaryOperator<Problem> phrasing, JsonNode answer) implements Telling {}

  static Telling of(Order order) {
    return switch (order) {
      case Order.Streamed it -> new Stream(it.phrasing(), it.voice());
      case Order.Whole it -> new Whole(it.phrasing(), it.answer());
      case Order.Released it -> new Released(it.phrasing(), it.answer());
      case Order.Immediate it -> new Immediate(it.phrasing(), it.answer());
    };
  }

  /** What its client does meanwhile. */
  default Presence presence() {
    return this instanceof Released ? Presence.RELEASED : Presence.HELD;
  }

  /** A refusal in the words of the surface; any other failure as it is. */
  default Throwable phrased(Throwable why) {
    return why instanceof Refusal refusal ? phrasing().apply(refusal.problem()).refusal() : why;
  }
}

package io.sluice.gateway.held;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.JobKind;
import io.sluice.JobRecord;
import io.sluice.gateway.problem.Problem;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** What a surface made of a request: a closed choice. Keeps nothing of the prompt but the job. */
public sealed interface Order {
  /** Says in the surface's own words and names what is wrong with the job that it made. */
  UnaryOperator<Problem> phrasing();

  /** What becomes a job: the body of {@code POST /v1/jobs}. */
  sealed interface OfJob extends Order {
    ObjectNode job();

    /** What the surface keeps of the request with its job ({@link io.sluice.Job#surface}). */
    Optional<String> kept();
  }

  /**
   * A job whose answer is told while it is made.
   *
   * @param voice speaks to the client of the job that was accepted; made once for each
   */
  record Streamed(
      ObjectNode job,
      Optional<String> kept,
      UnaryOperator<Problem> phrasing,
      Function<JobRecord, Voice> voice)
      implements OfJob {
    public Streamed(
        ObjectNode job, UnaryOperator<Problem> phrasing, Function<JobRecord, Voice> voice) {
      this(job, Optional.empty(), phrasing, voice);
    }
  }

  /**
   * A job that is answered as a whole.
   *
   * @param answer the body for a job that completed, or ended at its limit
   */
  record Whole(
      ObjectNode job,
      Optional<String> kept,
      UnaryOperator<Problem> phrasing,
      Function<JobRecord, JsonNode> answer)
      implements OfJob {
    public Whole(
        ObjectNode job, UnaryOperator<Problem> phrasing, Function<JobRecord, JsonNode> answer) {
      this(job, Optional.empty(), phrasing, answer);
    }
  }

  /**
   * A job that goes on without its client, which is answered as soon as it is accepted.
   *
   * @param answer answers; on the context of the request
   */
  record Released(
      ObjectNode job,
      Optional<String> kept,
      UnaryOperator<Problem> phrasing,
      BiConsumer<RoutingContext, JobRecord> answer)
      implements OfJob {}

  /** An answer that costs no job, if the model is served and its caller may ask for such jobs. */
  record Immediate(JobKind kind, String model, UnaryOperator<Problem> phrasing, JsonNode answer)
      implements Order {}
}

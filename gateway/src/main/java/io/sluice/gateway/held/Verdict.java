package io.sluice.gateway.held;

import io.sluice.Ending;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.JobRecord;
import io.sluice.codec.Json;
import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.problem.ProblemCode;
import java.time.Duration;
import java.util.Optional;

/** What the end of a job means to whoever was held for its answer. */
public final class Verdict {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private Verdict() {}

  /** Why there is no answer; empty if there is one, if only up to its limit. */
  public static Optional<Problem> problem(JobRecord ended) {
    return switch (ended.ending().orElseThrow()) {
      case Ending.Completed completed -> Optional.empty();
      case Ending.Incomplete incomplete -> Optional.empty();
      case Ending.Failed failed -> Optional.of(problem(failed.why()));
      case Ending.Cancelled cancelled ->
          Optional.of(
              ProblemCode.JOB_CANCELLED.with(
                  cancelled.why().map(Failure::message).orElse("The job was cancelled.")));
      case Ending.Expired expired ->
          Optional.of(
              ProblemCode.JOB_EXPIRED.with(
                  "The job waited for as long as it may and did not start."));
    };
  }

  private static Problem problem(Failure why) {
    Problem problem =
        code(why.code())
            .with(why.message())
            .member("failure", Json.MAPPER.getNodeFactory().textNode(why.code().wireName()));
    return problem.code().status() == 503 ? problem.retryAfter(RETRY_AFTER) : problem;
  }

  private static ProblemCode code(FailureCode code) {
    return switch (code) {
      case CONTEXT_LENGTH_EXCEEDED -> ProblemCode.CONTEXT_LENGTH_EXCEEDED;
      case INVALID_REQUEST -> ProblemCode.INVALID_REQUEST;
      default ->
          switch (code.httpStatus()) {
            case 409 -> ProblemCode.JOB_CANCELLED;
            case 503 -> ProblemCode.ENGINE_UNAVAILABLE;
            case 504 -> ProblemCode.ENGINE_TIMEOUT;
            default -> ProblemCode.ENGINE_FAILED;
          };
    };
  }
}

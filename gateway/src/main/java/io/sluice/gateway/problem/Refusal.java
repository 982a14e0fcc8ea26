package io.sluice.gateway.problem;

/** Carries a {@link Problem} to the one place that writes it. Expected, so without stack trace. */
public final class Refusal extends RuntimeException {
  private final Problem problem;

  Refusal(Problem problem) {
    super(problem.code() + ": " + problem.detail(), null, false, false);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}

package io.sluice.gateway.auth;

import io.sluice.gateway.problem.ProblemCode;
import io.sluice.gateway.problem.Refusal;
import java.time.Duration;

/** The answers to credentials that are not good: the reason is for the audit log only. */
public final class InvalidCredential {
  private InvalidCredential() {}

  /** A 401 that reads the same for every cause (RFC 6750 section 3.1). */
  public static Refusal refusal() {
    return ProblemCode.UNAUTHORIZED
        .with("The API key or access token is not valid.")
        .header("WWW-Authenticate", "Bearer realm=\"sluice\", error=\"invalid_token\"")
        .closing()
        .refusal();
  }

  /** A 429 for whoever failed too often, whatever is shown now. */
  static Refusal blocked(Duration wait) {
    return ProblemCode.TOO_MANY_FAILURES
        .with("Too many attempts from here failed.")
        .retryAfter(wait)
        .closing()
        .refusal();
  }

  /**
   * The 401, but for a credential that is good elsewhere: a 403, since no newer one would help its
   * owner.
   */
  static Refusal refusal(Denied denied) {
    return denied.why() == Denied.Cause.RANGE
        ? ProblemCode.FORBIDDEN.with("The request is not allowed.").closing().refusal()
        : refusal();
  }
}

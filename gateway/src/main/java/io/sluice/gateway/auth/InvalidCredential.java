package io.sluice.gateway.auth;

import io.sluice.gateway.problem.ProblemCode;
import io.sluice.gateway.problem.Refusal;

/** The answers to credentials that are not good: the reason is for the audit log only. */
final class InvalidCredential {
  private InvalidCredential() {}

  /**
   * A 401 that reads the same for every cause (RFC 6750 section 3.1); a 403 for a credential that
   * is good elsewhere, since no other one would help its owner.
   */
  static Refusal refusal(Denied denied) {
    return denied.isMisplaced() ? misplaced() : invalid();
  }

  private static Refusal misplaced() {
    return ProblemCode.FORBIDDEN.with("The request is not allowed.").closing().refusal();
  }

  private static Refusal invalid() {
    return ProblemCode.UNAUTHORIZED
        .with("The API key or access token is not valid.")
        .header("WWW-Authenticate", "Bearer realm=\"sluice\", error=\"invalid_token\"")
        .closing()
        .refusal();
  }
}

package io.sluice.gateway.responses;

import io.sluice.JobId;
import java.util.Optional;

/** The name of a response: {@code resp_} and what its job has behind {@code job_}. */
final class ResponseId {
  private static final String PREFIX = "resp_";
  private static final String OF_JOB = "job_";

  private ResponseId() {}

  static String of(JobId id) {
    return PREFIX + bare(id);
  }

  /** The job of a response; empty if it is the name of none. */
  static Optional<JobId> job(String text) {
    if (!text.startsWith(PREFIX)) {
      return Optional.empty();
    }
    String id = OF_JOB + text.substring(PREFIX.length());
    return JobId.isValid(id) ? Optional.of(new JobId(id)) : Optional.empty();
  }

  /** The part that all names of one response end with. */
  static String bare(JobId id) {
    return id.value().substring(OF_JOB.length());
  }
}

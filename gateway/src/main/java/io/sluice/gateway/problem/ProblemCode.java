package io.sluice.gateway.problem;

import java.util.Locale;

/** Every reason for which the gateway refuses a request: one closed list. */
public enum ProblemCode {
  MALFORMED_JSON(400, "The body is not JSON"),
  MALFORMED_REQUEST(400, "The request is malformed"),
  UNAUTHORIZED(401, "A valid API key is needed"),
  FORBIDDEN(403, "This is not allowed"),
  INSUFFICIENT_SCOPE(403, "The API key does not allow this"),
  STORAGE_QUOTA_EXCEEDED(403, "The files take up all that they may"),
  ROUTE_NOT_FOUND(404, "There is nothing here"),
  JOB_NOT_FOUND(404, "There is no such job"),
  PIPELINE_NOT_FOUND(404, "There is no such pipeline"),
  DOCUMENT_NOT_FOUND(404, "There is no such document"),
  BATCH_NOT_FOUND(404, "There is no such batch"),
  FILE_NOT_FOUND(404, "There is no such file"),
  MODEL_NOT_FOUND(404, "There is no such model"),
  TOKENS_NOT_CONFIGURED(404, "Access tokens are not configured here"),
  KEY_NOT_FOUND(404, "There is no such key"),
  TENANT_NOT_FOUND(404, "Nothing is known of such a tenant"),
  WORKER_NOT_FOUND(404, "There is no such worker"),
  METHOD_NOT_ALLOWED(405, "The method is not allowed here"),
  BODY_TIMEOUT(408, "The body did not arrive in time"),
  FILE_IN_USE(409, "The file is in use"),
  PIPELINE_ENDED(409, "The pipeline has ended"),
  NOTHING_TO_TELL(409, "There is nothing to tell a webhook"),
  TOO_MANY_TOKEN_KEYS(409, "There are too many keys of tokens"),
  JOB_CANCELLED(410, "The job was cancelled"),
  BODY_TOO_LARGE(413, "The body is too large"),
  URI_TOO_LONG(414, "The request line is too long"),
  UNSUPPORTED_MEDIA_TYPE(415, "The body has a type that is not taken"),
  RANGE_NOT_SATISFIABLE(416, "There are no such bytes"),
  INVALID_REQUEST(422, "The request is not valid"),
  CONTEXT_LENGTH_EXCEEDED(422, "The prompt and the output do not fit the model's context"),
  IDEMPOTENCY_KEY_REUSED(422, "The idempotency key was used for another request"),
  LIMIT_NEVER_FITS(422, "The request is larger than a limit"),
  TOO_MANY_WAITING(429, "Too many jobs are waiting"),
  TOO_MANY_PIPELINES(429, "Too many pipelines are open"),
  DEADLINE_UNATTAINABLE(429, "The job cannot start in time"),
  RATE_LIMIT_EXCEEDED(429, "A limit is reached"),
  TOO_MANY_FAILURES(429, "Too many attempts failed"),
  TOO_MANY_BODIES(429, "Too many bodies are on their way"),
  TOO_MANY_BATCHES(429, "Too many batches are open"),
  TOO_MANY_READERS(429, "Too many event streams and waits are open"),
  HEADERS_TOO_LARGE(431, "The headers are too large"),
  INTERNAL_ERROR(500, "Something went wrong here"),
  ENGINE_FAILED(502, "The model server failed"),
  ANSWER_INTERRUPTED(502, "The answer broke off"),
  QUEUE_UNAVAILABLE(503, "The queue is not available"),
  STORE_UNAVAILABLE(503, "The store is not available"),
  AUDIT_UNAVAILABLE(503, "The audit log is not available"),
  STORE_RECOVERING(503, "The store is being rebuilt"),
  OVERLOADED(503, "The gateway is overloaded"),
  STOPPING(503, "The gateway is being stopped"),
  ENGINE_UNAVAILABLE(503, "No model server is available"),
  JOB_EXPIRED(504, "The job did not start in time"),
  ENGINE_TIMEOUT(504, "The model server took too long");

  private final int status;
  private final String title;

  ProblemCode(int status, String title) {
    this.status = status;
    this.title = title;
  }

  public int status() {
    return status;
  }

  public String title() {
    return title;
  }

  /** The name on the wire: {@code model_not_found}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** A problem of this kind. */
  public Problem with(String detail) {
    return new Problem(this, detail);
  }
}

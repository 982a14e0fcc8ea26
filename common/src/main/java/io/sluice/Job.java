package io.sluice;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What is asked of a model: everything that a worker needs to run it, so that a message alone can
 * bring a lost record back. Immutable from admission to its end.
 *
 * @param principal who submitted it: the id of an API key, or {@code ISSUER:SUBJECT} of a token
 *     that somebody else issued
 * @param session the conversation it belongs to, if the client named one
 * @param request the model server's own fields as a JSON object, checked against the list of those
 *     allowed for the kind ({@code messages}, {@code prompt}, {@code options}, {@code format},
 *     {@code think}, …); never the model, the stream flag, or a runner option
 * @param promptTokens counted by the gateway with the model's tokenizer, or estimated
 * @param maxOutputTokens the most tokens that one attempt may generate
 * @param startBy past this instant a job that never ran expires
 * @param finishBy past this instant a job that has not ended has failed
 * @param timeout the longest that one attempt may take
 * @param webhook where its end is told, checked by the gateway
 * @param surface what the surface that took the request keeps of it, to answer in its own words
 *     later: a JSON object that nobody else reads
 */
public record Job(
    JobId id,
    String tenant,
    String principal,
    Optional<String> session,
    JobKind kind,
    Pool pool,
    JobClass jobClass,
    String request,
    int promptTokens,
    int maxOutputTokens,
    Instant createdAt,
    Instant startBy,
    Instant finishBy,
    Duration timeout,
    RetryPolicy retry,
    Map<String, String> metadata,
    Optional<URI> webhook,
    Optional<Idempotency> idempotency,
    Optional<String> traceparent,
    Optional<String> surface) {

  public Job {
    metadata = Map.copyOf(metadata);
  }

  /** A job that no surface keeps anything of. */
  public Job(
      JobId id,
      String tenant,
      String principal,
      Optional<String> session,
      JobKind kind,
      Pool pool,
      JobClass jobClass,
      String request,
      int promptTokens,
      int maxOutputTokens,
      Instant createdAt,
      Instant startBy,
      Instant finishBy,
      Duration timeout,
      RetryPolicy retry,
      Map<String, String> metadata,
      Optional<URI> webhook,
      Optional<Idempotency> idempotency,
      Optional<String> traceparent) {
    this(
        id,
        tenant,
        principal,
        session,
        kind,
        pool,
        jobClass,
        request,
        promptTokens,
        maxOutputTokens,
        createdAt,
        startBy,
        finishBy,
        timeout,
        retry,
        metadata,
        webhook,
        idempotency,
        traceparent,
        Optional.empty());
  }

  /** The same job, whose end is told there. */
  public Job webhook(URI url) {
    return new Job(
        id,
        tenant,
        principal,
        session,
        kind,
        pool,
        jobClass,
        request,
        promptTokens,
        maxOutputTokens,
        createdAt,
        startBy,
        finishBy,
        timeout,
        retry,
        metadata,
        Optional.of(url),
        idempotency,
        traceparent,
        surface);
  }

  /** The same job with what its surface keeps of it. */
  public Job surface(String kept) {
    return new Job(
        id,
        tenant,
        principal,
        session,
        kind,
        pool,
        jobClass,
        request,
        promptTokens,
        maxOutputTokens,
        createdAt,
        startBy,
        finishBy,
        timeout,
        retry,
        metadata,
        webhook,
        idempotency,
        traceparent,
        Optional.of(kept));
  }

  /** The same job with another request, and another bound on its output. */
  public Job asking(String request, int maxOutputTokens) {
    return new Job(
        id,
        tenant,
        principal,
        session,
        kind,
        pool,
        jobClass,
        request,
        promptTokens,
        maxOutputTokens,
        createdAt,
        startBy,
        finishBy,
        timeout,
        retry,
        metadata,
        webhook,
        idempotency,
        traceparent,
        surface);
  }

  /** The same job under a promise that it is the same one as before. */
  public Job idempotency(Idempotency promise) {
    return new Job(
        id,
        tenant,
        principal,
        session,
        kind,
        pool,
        jobClass,
        request,
        promptTokens,
        maxOutputTokens,
        createdAt,
        startBy,
        finishBy,
        timeout,
        retry,
        metadata,
        webhook,
        Optional.of(promise),
        traceparent,
        surface);
  }

  /** The same job that may start until then, with as much time after that as it had. */
  public Job startBy(Instant until) {
    return new Job(
        id,
        tenant,
        principal,
        session,
        kind,
        pool,
        jobClass,
        request,
        promptTokens,
        maxOutputTokens,
        createdAt,
        until,
        until.plus(Duration.between(startBy, finishBy)),
        timeout,
        retry,
        metadata,
        webhook,
        idempotency,
        traceparent,
        surface);
  }

  public String model() {
    return pool.model();
  }

  /** The tokens that the job may cost at most: its prompt and the longest output. */
  public int tokensAtMost() {
    return promptTokens + maxOutputTokens;
  }
}

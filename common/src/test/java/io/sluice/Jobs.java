package io.sluice;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Jobs for tests: ordinary in everything that a test does not name. */
public record Jobs(Job job) {
  public static final Pool POOL = Pool.parse("qwen3:14b");

  public static Jobs chat() {
    return chat(Instant.now().truncatedTo(java.time.temporal.ChronoUnit.MILLIS));
  }

  public static Jobs chat(Instant now) {
    return new Jobs(
        new Job(
            JobId.at(now),
            "default",
            "key1",
            Optional.empty(),
            JobKind.CHAT,
            POOL,
            JobClass.INTERACTIVE,
            "{\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}",
            7,
            512,
            now,
            now.plus(Duration.ofMinutes(10)),
            now.plus(Duration.ofMinutes(21)),
            Duration.ofSeconds(120),
            RetryPolicy.DEFAULT,
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  public Jobs tenant(String tenant) {
    return with(
        tenant, job.pool(), job.jobClass(), job.startBy(), job.finishBy(), job.idempotency());
  }

  public Jobs session(String session) {
    return with(Optional.of(session), job.request());
  }

  public Jobs pool(Pool pool) {
    return with(
        job.tenant(), pool, job.jobClass(), job.startBy(), job.finishBy(), job.idempotency());
  }

  public Jobs batch() {
    return with(
        job.tenant(), job.pool(), JobClass.BATCH, job.startBy(), job.finishBy(), job.idempotency());
  }

  public Jobs startBy(Instant startBy) {
    return with(
        job.tenant(), job.pool(), job.jobClass(), startBy, job.finishBy(), job.idempotency());
  }

  public Jobs finishBy(Instant finishBy) {
    return with(
        job.tenant(), job.pool(), job.jobClass(), job.startBy(), finishBy, job.idempotency());
  }

  public Jobs idempotency(String key, String fingerprint) {
    return with(
        job.tenant(),
        job.pool(),
        job.jobClass(),
        job.startBy(),
        job.finishBy(),
        Optional.of(new Idempotency(key, fingerprint)));
  }

  /** Whose end is told there. */
  public Jobs webhook(String url) {
    return new Jobs(job.webhook(java.net.URI.create(url)));
  }

  /** With every optional part there is. */
  public Jobs everything() {
    return new Jobs(
        new Job(
            job.id(),
            job.tenant(),
            job.principal(),
            Optional.of("session-1"),
            JobKind.GENERATE,
            job.pool(),
            JobClass.BATCH,
            "{\"prompt\":\"\\n it's \uD83D\uDE00\"}",
            job.promptTokens(),
            job.maxOutputTokens(),
            job.createdAt(),
            job.startBy(),
            job.finishBy(),
            job.timeout(),
            new RetryPolicy(2, Duration.ofMillis(5), Duration.ofSeconds(7)),
            Map.of("a", "1", "b", ""),
            Optional.of(java.net.URI.create("https://example.org/hook")),
            Optional.of(new Idempotency("key of everything", "print")),
            Optional.of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
            Optional.of("{\"kept\":\"it's\"}")));
  }

  /** For vectors of these texts. */
  public Jobs embed(String... inputs) {
    var request = io.sluice.codec.Json.object();
    for (String input : inputs) {
      request.withArray("input").add(input);
    }
    return new Jobs(
        new Job(
            job.id(),
            job.tenant(),
            job.principal(),
            job.session(),
            JobKind.EMBED,
            job.pool(),
            job.jobClass(),
            io.sluice.codec.Json.write(request),
            job.promptTokens(),
            0,
            job.createdAt(),
            job.startBy(),
            job.finishBy(),
            job.timeout(),
            job.retry(),
            job.metadata(),
            job.webhook(),
            job.idempotency(),
            job.traceparent()));
  }

  /** With this text as its request. */
  public Jobs request(String request) {
    return with(job.session(), request);
  }

  private Jobs with(Optional<String> session, String request) {
    return new Jobs(
        new Job(
            job.id(),
            job.tenant(),
            job.principal(),
            session,
            job.kind(),
            job.pool(),
            job.jobClass(),
            request,
            job.promptTokens(),
            job.maxOutputTokens(),
            job.createdAt(),
            job.startBy(),
            job.finishBy(),
            job.timeout(),
            job.retry(),
            job.metadata(),
            job.webhook(),
            job.idempotency(),
            job.traceparent()));
  }

  private Jobs with(
      String tenant,
      Pool pool,
      JobClass jobClass,
      Instant startBy,
      Instant finishBy,
      Optional<Idempotency> idempotency) {
    return new Jobs(
        new Job(
            job.id(),
            tenant,
            job.principal(),
            job.session(),
            job.kind(),
            pool,
            jobClass,
            job.request(),
            job.promptTokens(),
            job.maxOutputTokens(),
            job.createdAt(),
            startBy,
            finishBy,
            job.timeout(),
            job.retry(),
            job.metadata(),
            job.webhook(),
            idempotency,
            job.traceparent()));
  }
}

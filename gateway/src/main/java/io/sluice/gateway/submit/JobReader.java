package io.sluice.gateway.submit;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.Idempotency;
import io.sluice.Job;
import io.sluice.JobClass;
import io.sluice.JobId;
import io.sluice.JobKind;
import io.sluice.Pool;
import io.sluice.RetryPolicy;
import io.sluice.TokenCounter;
import io.sluice.codec.Json;
import io.sluice.gateway.GatewayConfig;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.problem.ProblemCode;
import io.sluice.gateway.webhook.WebhookUrl;
import io.sluice.tokens.RequestTokens;
import io.sluice.tokens.TokenCounters;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Makes a job of a submission: all that needs a processor and nobody's answer. A long prompt takes
 * some tens of milliseconds, so it is called off the event loop for those.
 */
public final class JobReader {
  /** What a job may take beyond its attempts: waits between them, and moves between workers. */
  private static final Duration GRACE = Duration.ofMinutes(5);

  /** So many times the cap on a prompt may all texts of an embed request have together. */
  private static final int EMBED_PROMPTS_MAX = 3;

  private final Models models;
  private final int promptTokensMax;
  private final WebhookUrl webhooks;
  private final InstantSource clock;

  public JobReader(GatewayConfig config, InstantSource clock) {
    this.models = new Models(config.pools());
    this.promptTokensMax = config.limits().promptTokensMax();
    this.webhooks = new WebhookUrl(config.webhooks());
    this.clock = clock;
  }

  /** Refuses with a {@code Refusal} what is not to become a job. */
  public Job read(JsonNode json, Envelope envelope) {
    JobRequest request = RequestReader.read(json, webhooks);
    allow(envelope.caller(), request);
    List<Pool> pools = served(request.model());
    Size size = size(request, pools);
    Optional<Idempotency> idempotency =
        envelope.idempotencyKey().map(key -> new Idempotency(key, fingerprint(json, envelope)));
    return job(envelope, request, size, PoolChoice.of(pools, size.need()), idempotency);
  }

  /** A job that ends with its client is another promise than one that goes on without it. */
  private static String fingerprint(JsonNode json, Envelope envelope) {
    String print = Fingerprint.of(json, envelope.session().orElse(""));
    return envelope.isHeld() ? "held:" + print : print;
  }

  /** Refuses whom and what no job of this kind would be taken from and for. */
  public void check(String model, JobKind kind, Caller caller) {
    caller.need("ollama:" + kind.wireName());
    served(model);
  }

  private List<Pool> served(String model) {
    List<Pool> pools = models.named(model);
    if (pools.isEmpty()) {
      throw ProblemCode.MODEL_NOT_FOUND
          .with("No model is served under the name that was given.")
          .refusal();
    }
    return pools;
  }

  /**
   * How large a request is.
   *
   * @param need what has to fit a context at a time
   * @param tokens all that the model reads
   */
  private record Size(PoolChoice.Need need, int tokens) {}

  private static void allow(Caller caller, JobRequest request) {
    caller.need("ollama:" + request.kind().wireName());
    if (request.jobClass() == JobClass.BATCH) {
      caller.need("batch");
    }
  }

  private Size size(JobRequest request, List<Pool> pools) {
    return switch (request.kind()) {
      case CHAT, GENERATE -> {
        PoolChoice.Need need = count(request, pools);
        yield new Size(need, need.promptTokens());
      }
      case EMBED -> inputs(request, pools);
    };
  }

  /**
   * Stops a quarter above what the largest pool holds: soon enough for a book to cost next to
   * nothing, late enough to say by how much a prompt is too long.
   */
  private PoolChoice.Need count(JobRequest request, List<Pool> pools) {
    TokenCounter counter = TokenCounters.forModel(pools.getFirst().model());
    int bound = bound(counter, pools);
    int prompt = RequestTokens.count(counter, request.request(), bound);
    return new PoolChoice.Need(
        prompt, counter.exact(), prompt <= bound, request.maxOutputTokens(), promptTokensMax);
  }

  private int bound(TokenCounter counter, List<Pool> pools) {
    long most = Math.min(promptTokensMax, pools.getLast().contextTokens() * 5L / 4);
    return Math.toIntExact(counter.exact() ? most : 2 * most);
  }

  /** Each input is read by itself, so the longest one decides on the context. */
  private Size inputs(JobRequest request, List<Pool> pools) {
    TokenCounter counter = TokenCounters.forModel(pools.getFirst().model());
    boolean cut = EmbedFields.truncates(request.request());
    int bound = cut ? pools.getLast().contextTokens() : bound(counter, pools);
    long most = (long) EMBED_PROMPTS_MAX * promptTokensMax * (counter.exact() ? 1 : 2);
    InputTokens tokens =
        InputTokens.count(counter, EmbedFields.inputs(request.request()), bound, most);
    int longest = cut ? Math.min(tokens.longest(), bound) : tokens.longest();
    PoolChoice.Need need =
        new PoolChoice.Need(
            longest, counter.exact(), longest <= bound, Optional.of(0), promptTokensMax);
    return new Size(need, tokens.all());
  }

  private Job job(
      Envelope envelope,
      JobRequest request,
      Size size,
      PoolChoice choice,
      Optional<Idempotency> idempotency) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Instant startBy = now.plus(request.queueTimeout());
    RetryPolicy retry = RetryPolicy.DEFAULT;
    return new Job(
        JobId.at(now),
        envelope.caller().tenant(),
        envelope.caller().principal(),
        request.session().or(envelope::session),
        request.kind(),
        choice.pool(),
        request.jobClass(),
        Json.write(request.request()),
        size.tokens(),
        choice.maxOutputTokens(),
        now,
        startBy,
        startBy.plus(request.timeout().multipliedBy(retry.maxAttempts())).plus(GRACE),
        request.timeout(),
        retry,
        request.metadata(),
        request.webhook(),
        idempotency,
        envelope.traceparent());
  }

  /**
   * What goes with the body of a submission.
   *
   * @param session named by a header; a field in the body goes before it
   * @param isHeld whether the client is held for the answer, and takes the job along when it leaves
   */
  public record Envelope(
      Caller caller,
      Optional<String> session,
      Optional<String> idempotencyKey,
      Optional<String> traceparent,
      boolean isHeld) {

    /** With another session, where none was named. */
    public Envelope sessionOr(Optional<String> other) {
      return new Envelope(caller, session.or(() -> other), idempotencyKey, traceparent, isHeld);
    }

    /** Of a client that is held for the answer. */
    public Envelope held() {
      return new Envelope(caller, session, idempotencyKey, traceparent, true);
    }
  }
}

package io.sluice.bench;

import io.sluice.Admission;
import io.sluice.Admission.Decision;
import io.sluice.Job;
import io.sluice.JobClass;
import io.sluice.JobId;
import io.sluice.JobKind;
import io.sluice.Limits;
import io.sluice.RetryPolicy;
import io.sluice.gateway.auth.BearerToken;
import io.sluice.gateway.auth.Caller;
import io.sluice.gateway.limit.LimitHeaders;
import io.sluice.gateway.limit.Ruling;
import io.vertx.ext.auth.User;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * The steps that every submission passes outside Redis, when its key or token and its tenant's
 * limits are remembered.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class WarmPathBenchmark {
  private static final String ADDRESS = "127.0.0.1";
  private static final byte[] BLOCK = new byte[64];
  private static final Job JOB = job();

  /** One SHA-256 of 64 bytes: what the other numbers are compared with. */
  @Benchmark
  public byte[] anchor() throws NoSuchAlgorithmException {
    return MessageDigest.getInstance("SHA-256").digest(BLOCK);
  }

  @Benchmark
  public User apiKey(Warm warm) {
    return authenticated(warm, warm.key);
  }

  @Benchmark
  public User accessToken(Warm warm) {
    return authenticated(warm, warm.token);
  }

  @Benchmark
  public void limits(Warm warm, Blackhole sink) {
    limited(warm, sink);
  }

  @Benchmark
  public User apiKeyAndLimits(Warm warm, Blackhole sink) {
    limited(warm, sink);
    return authenticated(warm, warm.key);
  }

  @Benchmark
  public User accessTokenAndLimits(Warm warm, Blackhole sink) {
    limited(warm, sink);
    return authenticated(warm, warm.token);
  }

  private static User authenticated(Warm warm, String credential) {
    warm.attempts.blocked(ADDRESS, Optional::empty);
    User user = Warm.await(warm.gate.authenticate(new BearerToken(credential, ADDRESS)));
    warm.attempts.passed(ADDRESS, Caller.of(user));
    return user;
  }

  /** The tenant's limits, the call and its answer, the ruling, and the headers. */
  private static void limited(Warm warm, Blackhole sink) {
    Limits limits = Warm.await(warm.terms.of(JOB.tenant())).limits();
    Decision decision = Warm.await(warm.admission.admit(new Admission.Entry(JOB, limits)));
    Ruling ruling = new Ruling(((Decision.Admitted) decision).standing(), limits.shadow());
    warm.report.add(JOB, "192.0.2.1", ruling);
    LimitHeaders.of(ruling).forEach((name, value) -> sink.consume(value));
  }

  /** A chat with a prompt of about a kilobyte. */
  private static Job job() {
    Instant now = Instant.now();
    String words = "What does a queue do for a model? ".repeat(30);
    return new Job(
        JobId.at(now),
        "default",
        "0123456789ab",
        Optional.empty(),
        JobKind.CHAT,
        Warm.POOL,
        JobClass.INTERACTIVE,
        "{\"messages\":[{\"role\":\"user\",\"content\":\"" + words + "\"}]}",
        300,
        512,
        now,
        now.plus(Duration.ofMinutes(10)),
        now.plus(Duration.ofMinutes(21)),
        Duration.ofSeconds(120),
        RetryPolicy.DEFAULT,
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}

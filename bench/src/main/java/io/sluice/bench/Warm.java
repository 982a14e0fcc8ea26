package io.sluice.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.Admission;
import io.sluice.ApiKey;
import io.sluice.AuditEvent;
import io.sluice.AuditLog;
import io.sluice.Limit;
import io.sluice.Limits;
import io.sluice.Pool;
import io.sluice.auth.ApiKeys;
import io.sluice.embedded.Embedded;
import io.sluice.gateway.auth.ApiKeyAuthentication;
import io.sluice.gateway.auth.Attempts;
import io.sluice.gateway.auth.AuthConfig;
import io.sluice.gateway.auth.LastUses;
import io.sluice.gateway.auth.Watch;
import io.sluice.gateway.limit.LimitReport;
import io.sluice.gateway.limit.PressureReport;
import io.sluice.gateway.limit.TenantTerms;
import io.sluice.gateway.token.IssuedToken;
import io.sluice.gateway.token.MasterSecret;
import io.sluice.gateway.token.TokenConfig;
import io.sluice.gateway.token.TokenPorts;
import io.sluice.gateway.token.Tokens;
import io.sluice.gateway.trail.RepeatedEvents;
import io.sluice.gateway.trail.Trail;
import io.sluice.redis.CannedAdmission;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.auth.authentication.AuthenticationProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What stands between a request and its job, on the embedded directory, with one key and token. */
@State(Scope.Benchmark)
public class Warm {
  private static final String SECRET =
      Base64.getEncoder().encodeToString("a benchmark keeps no secrets: 32".getBytes());

  static final Pool POOL = Pool.parse("qwen3:14b");

  /** Seven limits, as a tenant has them that is limited in every way. */
  static final Limits LIMITS =
      new Limits(
          Map.of(
              Limit.TENANT_REQUESTS_PER_MINUTE, 1_000_000L,
              Limit.TENANT_TOKENS_PER_MINUTE, 100_000_000L,
              Limit.PRINCIPAL_REQUESTS_PER_MINUTE, 1_000_000L,
              Limit.PRINCIPAL_TOKENS_PER_MINUTE, 100_000_000L,
              Limit.TENANT_TOKENS_PER_DAY, 1_000_000_000L,
              Limit.TENANT_WAITING_JOBS, 20_000L,
              Limit.WAITING_JOBS, 100_000L),
          Set.of());

  AuthenticationProvider gate;
  Attempts attempts;
  String key;
  String token;
  TenantTerms terms;
  Admission admission;
  LimitReport report;
  private Vertx vertx;
  private Embedded embedded;
  private Tokens tokens;

  @Setup(Level.Trial)
  public void open() throws IOException {
    InstantSource clock = InstantSource.system();
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    Path data = Files.createTempDirectory("sluice-bench");
    vertx = Vertx.vertx();
    embedded = Embedded.open(data, Admission.Bounds.DEFAULT, List.of(POOL), clock);
    ApiKeys.Generated made = ApiKeys.generate("default", ApiKey.ALL_SCOPES, Instant.now());
    key = made.text();
    await(embedded.directory().add(made.key()));

    Trail trail = new Trail(new NoAudit(), clock, meters);
    RepeatedEvents repeated = new RepeatedEvents(trail, clock);
    attempts =
        new Attempts(
            vertx,
            AuthConfig.DEFAULT,
            new LastUses(embedded.directory(), clock),
            new Attempts.Log(trail, repeated, meters, clock));
    TokenConfig config = TokenConfig.DEFAULT.sealing(MasterSecret.of(SECRET));
    TokenPorts ports =
        new TokenPorts(embedded.directory(), embedded.grants(), embedded.tokenKeys());
    token = await(IssuedToken.of(vertx, ports, config, made.key()));
    tokens = new Tokens(vertx, ports, config, clock, meters, new Watch(trail, repeated, attempts));
    await(tokens.start());
    gate = tokens.with(new ApiKeyAuthentication(embedded.directory(), clock));
    terms = new TenantTerms(embedded.tenants(), LIMITS, System::nanoTime);
    admission = CannedAdmission.admitting(LIMITS);
    report =
        new LimitReport(meters, trail, repeated, new PressureReport(List.of(POOL), meters, trail));
  }

  @TearDown(Level.Trial)
  public void close() {
    await(tokens.stop());
    await(vertx.close());
    embedded.close();
  }

  /** The result, at once where it is there already. */
  static <T> T await(Future<T> future) {
    return future.isComplete()
        ? future.result()
        : future.toCompletionStage().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }

  private static final class NoAudit implements AuditLog {
    @Override
    public Future<Void> append(AuditEvent event) {
      return Future.succeededFuture();
    }

    @Override
    public Future<List<AuditEvent>> search(Query query) {
      return Future.succeededFuture(List.of());
    }
  }
}

package io.sluice;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What can be limited: one closed list. A limit without a number is not there; each that has one is
 * looked at in the one step that admits a job (see {@link Admission}), but for {@link
 * #TENANT_RUNNING_JOBS}, for which the order of lanes passes over the lane of a tenant (see {@link
 * LaneOrder}).
 */
public enum Limit {
  TENANT_REQUESTS_PER_MINUTE(Scope.TENANT, Unit.REQUESTS, Duration.ofMinutes(1)),
  TENANT_TOKENS_PER_MINUTE(Scope.TENANT, Unit.TOKENS, Duration.ofMinutes(1)),
  PRINCIPAL_REQUESTS_PER_MINUTE(Scope.PRINCIPAL, Unit.REQUESTS, Duration.ofMinutes(1)),
  PRINCIPAL_TOKENS_PER_MINUTE(Scope.PRINCIPAL, Unit.TOKENS, Duration.ofMinutes(1)),
  SESSION_REQUESTS_PER_MINUTE(Scope.SESSION, Unit.REQUESTS, Duration.ofMinutes(1)),
  SESSION_TOKENS_PER_MINUTE(Scope.SESSION, Unit.TOKENS, Duration.ofMinutes(1)),
  /** The budget of a calendar day in UTC. */
  TENANT_TOKENS_PER_DAY(Scope.TENANT, Unit.TOKENS, Duration.ofDays(1)),
  /**
   * A leaky bucket: what comes faster is not refused but spaced out, for at most {@link
   * Admission#SMOOTHING_MAX}.
   */
  SESSION_REQUESTS_PER_SECOND(Scope.SESSION, Unit.REQUESTS, Duration.ofSeconds(1)),
  TENANT_WAITING_JOBS(Scope.TENANT, Unit.JOBS, Duration.ZERO),
  TENANT_WAITING_TOKENS(Scope.TENANT, Unit.TOKENS, Duration.ZERO),
  /** Of all tenants together. */
  WAITING_JOBS(Scope.EVERYBODY, Unit.JOBS, Duration.ZERO),
  /** Jobs beyond it wait in their lane; they are not refused. Several that share a lane run. */
  TENANT_RUNNING_JOBS(Scope.TENANT, Unit.JOBS, Duration.ZERO);

  /** Whose jobs are counted together. */
  public enum Scope {
    EVERYBODY,
    TENANT,
    PRINCIPAL,
    /** A session of one principal; a job without a session is not counted. */
    SESSION
  }

  /** What is counted. */
  public enum Unit {
    REQUESTS,
    TOKENS,
    JOBS
  }

  private static final Map<String, Limit> BY_WIRE_NAME =
      Arrays.stream(values()).collect(Collectors.toMap(Limit::wireName, limit -> limit));

  private final Scope scope;
  private final Unit unit;
  private final Duration window;
  private final String wireName = name().toLowerCase(Locale.ROOT);

  Limit(Scope scope, Unit unit, Duration window) {
    this.scope = scope;
    this.unit = unit;
    this.window = window;
  }

  public Scope scope() {
    return scope;
  }

  public Unit unit() {
    return unit;
  }

  /** The time over which it counts; zero for one that counts what is there now. */
  public Duration window() {
    return window;
  }

  /** Its name on the wire and in settings: {@code tenant_requests_per_minute}. */
  public String wireName() {
    return wireName;
  }

  public static Optional<Limit> ofWireName(String name) {
    return Optional.ofNullable(BY_WIRE_NAME.get(name));
  }
}

package io.sluice.gateway;

import io.sluice.Limits;
import io.sluice.Pool;
import io.sluice.gateway.auth.AuthConfig;
import io.sluice.gateway.cache.CacheConfig;
import io.sluice.gateway.files.FilesConfig;
import io.sluice.gateway.held.HeldConfig;
import io.sluice.gateway.tls.TlsConfig;
import io.sluice.gateway.token.TokenConfig;
import io.sluice.gateway.webhook.WebhookConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The settings of a gateway.
 *
 * @param host the address to listen on; defaults to loopback
 * @param port the port; 0 takes any free one, with one event loop, for tests
 * @param instance the name of this process among others
 * @param pools what clients may ask for; at least one
 * @param eventLoops HTTP servers that share the port; defaults to one per core
 * @param standardLimits what applies to tenants where their own limits say nothing; defaults to
 *     none
 * @param tls HTTPS, and only that, where it is set; defaults to plain HTTP
 * @param auth whose word on addresses is taken
 * @param webhooks where the ends of jobs may be told
 * @param held how long requests of compatible surfaces are held
 * @param files what clients may upload and keep
 * @param cache whether answers are shared; defaults to those of one tenant, for an hour
 */
public record GatewayConfig(
    String host,
    int port,
    String instance,
    List<Pool> pools,
    int eventLoops,
    Bounds limits,
    Timing timing,
    TokenConfig tokens,
    Limits standardLimits,
    AuthConfig auth,
    Optional<TlsConfig> tls,
    WebhookConfig webhooks,
    HeldConfig held,
    CacheConfig cache,
    FilesConfig files) {

  public GatewayConfig {
    pools = List.copyOf(pools);
    List<String> problems = new ArrayList<>();
    require(port >= 0 && port <= 65_535, "port " + port + " is not in 0..65535", problems);
    require(!host.isBlank(), "host is empty", problems);
    require(!instance.isBlank(), "the instance has no name", problems);
    require(!pools.isEmpty(), "no model is served: name at least one", problems);
    require(eventLoops >= 1 && eventLoops <= 256, "event loops: not in 1..256", problems);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  private static void require(boolean holds, String problem, List<String> problems) {
    if (!holds) {
      problems.add(problem);
    }
  }

  /** Everything at its default, on loopback. */
  public static GatewayConfig of(int port, String instance, List<Pool> pools) {
    return new GatewayConfig(
        "127.0.0.1",
        port,
        instance,
        pools,
        Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 256),
        Bounds.DEFAULT,
        Timing.DEFAULT,
        TokenConfig.DEFAULT,
        Limits.NONE,
        AuthConfig.DEFAULT,
        Optional.empty(),
        WebhookConfig.DEFAULT,
        HeldConfig.DEFAULT,
        CacheConfig.DEFAULT,
        FilesConfig.DEFAULT);
  }

  public GatewayConfig host(String other) {
    return new GatewayConfig(
        other,
        port,
        instance,
        pools,
        eventLoops,
        limits,
        timing,
        tokens,
        standardLimits,
        auth,
        tls,
        webhooks,
        held,
        cache,
        files);
  }

  /** On another port, with so many event loops. */
  GatewayConfig listen(int otherPort, int loops) {
    return new GatewayConfig(
        host,
        otherPort,
        instance,
        pools,
        loops,
        limits,
        timing,
        tokens,
        standardLimits,
        auth,
        tls,
        webhooks,
        held,
        cache,
        files);
  }

  public GatewayConfig limits(Bounds other) {
    return new GatewayConfig(
        host,
        port,
        instance,
        pools,
        eventLoops,
        other,
        timing,
        tokens,
        standardLimits,
        auth,
        tls,
        webhooks,
        held,
        cache,
        files);
  }

  public GatewayConfig timing(Timing other) {
    return new GatewayConfig(
        host,
        port,
        instance,
        pools,
        eventLoops,
        limits,
        other,
        tokens,
        standardLimits,
        auth,
        tls,
        webhooks,
        held,
        cache,
        files);
  }

  public GatewayConfig tokens(TokenConfig other) {
    return new GatewayConfig(
        host,
        port,
        instance,
        pools,
        eventLoops,
        limits,
        timing,
        other,
        standardLimits,
        auth,
        tls,
        webhooks,
        held,
        cache,
        files);
  }

  public GatewayConfig standardLimits(Limits other) {
    return new GatewayConfig(
        host,
        port,
        instance,
        pools,
        eventLoops,
        limits,
        timing,
        tokens,
        other,
        auth,
        tls,
        webhooks,
        held,
        cache,
        files);
  }

  public GatewayConfig auth(AuthConfig other) {
    return new GatewayConfig(
        host,
        port,
        instance,
        pools,
        eventLoops,
        limits,
        timing,
        tokens,
        standardLimits,
        other,
        tls,
        webhooks,
        held,
        cache,
        files);
  }

  /** HTTPS only, if there is a certificate. */
  public GatewayConfig tls(Optional<TlsConfig> other) {
    return new GatewayConfig(
        host,
        port,
        instance,
        pools,
        eventLoops,
        limits,
        timing,
        tokens,
        standardLimits,
        auth,
        other,
        webhooks,
        held,
        cache,
        files);
  }

  public GatewayConfig webhooks(WebhookConfig other) {
    return new GatewayConfig(
        host,
        port,
        instance,
        pools,
        eventLoops,
        limits,
        timing,
        tokens,
        standardLimits,
        auth,
        tls,
        other,
        held,
        cache,
        files);
  }

  public GatewayConfig held(HeldConfig other) {
    return new GatewayConfig(
        host,
        port,
        instance,
        pools,
        eventLoops,
        limits,
        timing,
        tokens,
        standardLimits,
        auth,
        tls,
        webhooks,
        other,
        cache,
        files);
  }

  public GatewayConfig cache(CacheConfig other) {
    return new GatewayConfig(
        host,
        port,
        instance,
        pools,
        eventLoops,
        limits,
        timing,
        tokens,
        standardLimits,
        auth,
        tls,
        webhooks,
        held,
        other,
        files);
  }

  public GatewayConfig files(FilesConfig other) {
    return new GatewayConfig(
        host,
        port,
        instance,
        pools,
        eventLoops,
        limits,
        timing,
        tokens,
        standardLimits,
        auth,
        tls,
        webhooks,
        held,
        cache,
        other);
  }
}

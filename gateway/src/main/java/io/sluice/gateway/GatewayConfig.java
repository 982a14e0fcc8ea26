package io.sluice.gateway;

import io.sluice.Leases;
import io.sluice.Pool;
import io.sluice.gateway.auth.AuthConfig;
import io.sluice.gateway.tls.TlsConfig;
import io.sluice.gateway.token.TokenConfig;
import java.time.Duration;
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
 */
public record GatewayConfig(
    String host,
    int port,
    String instance,
    List<Pool> pools,
    int eventLoops,
    Limits limits,
    Timing timing,
    TokenConfig tokens,
    io.sluice.Limits standardLimits,
    AuthConfig auth,
    Optional<TlsConfig> tls) {

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
        Limits.DEFAULT,
        Timing.DEFAULT,
        TokenConfig.DEFAULT,
        io.sluice.Limits.NONE,
        AuthConfig.DEFAULT,
        Optional.empty());
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
        tls);
  }

  /** On another port, with so many event loops. */
  GatewayConfig listen(int otherPort, int loops) {
    return new GatewayConfig(
        host, otherPort, instance, pools, loops, limits, timing, tokens, standardLimits, auth, tls);
  }

  public GatewayConfig limits(Limits other) {
    return new GatewayConfig(
        host, port, instance, pools, eventLoops, other, timing, tokens, standardLimits, auth, tls);
  }

  public GatewayConfig timing(Timing other) {
    return new GatewayConfig(
        host, port, instance, pools, eventLoops, limits, other, tokens, standardLimits, auth, tls);
  }

  public GatewayConfig tokens(TokenConfig other) {
    return new GatewayConfig(
        host, port, instance, pools, eventLoops, limits, timing, other, standardLimits, auth, tls);
  }

  public GatewayConfig standardLimits(io.sluice.Limits other) {
    return new GatewayConfig(
        host, port, instance, pools, eventLoops, limits, timing, tokens, other, auth, tls);
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
        tls);
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
        other);
  }

  /**
   * @param promptTokensMax no prompt is longer, whatever its pool holds; defaults to 100,000
   * @param bodyBytesMax of one request; defaults to 8 MiB
   * @param bodiesBytesMax of all requests at a time; defaults to an eighth of the heap
   */
  public record Limits(
      int promptTokensMax,
      int bodyBytesMax,
      long bodiesBytesMax,
      Streams streams,
      Connections connections) {
    public static final Limits DEFAULT =
        new Limits(
            100_000,
            8 * 1024 * 1024,
            Runtime.getRuntime().maxMemory() / 8,
            Streams.DEFAULT,
            Connections.DEFAULT);

    public Limits {
      if (promptTokensMax < 1 || bodyBytesMax < 1 || bodiesBytesMax < 1) {
        throw new IllegalArgumentException("every limit is at least 1");
      }
    }

    public Limits promptTokensMax(int other) {
      return new Limits(other, bodyBytesMax, bodiesBytesMax, streams, connections);
    }

    public Limits bodyBytesMax(int other) {
      return new Limits(promptTokensMax, other, bodiesBytesMax, streams, connections);
    }

    Limits bodiesBytesMax(long other) {
      return new Limits(promptTokensMax, bodyBytesMax, other, streams, connections);
    }

    public Limits streams(Streams other) {
      return new Limits(promptTokensMax, bodyBytesMax, bodiesBytesMax, other, connections);
    }

    public Limits connections(Connections other) {
      return new Limits(promptTokensMax, bodyBytesMax, bodiesBytesMax, streams, other);
    }
  }

  /**
   * What event streams may hold; a wait for a job counts as one.
   *
   * @param perKeyMax open at once by one API key; defaults to 1,000
   * @param perTenantMax open at once by one tenant; defaults to 5,000
   * @param max open at once in total; defaults to 10,000
   * @param life after about so long a stream ends, and its reader comes back; defaults to 1 h
   * @param stallMax a reader that takes nothing for so long is cut off; defaults to 30 s
   * @param unknownMax how long a stream goes on while nobody can say whether its caller's
   *     credential still holds; defaults to 60 s
   */
  public record Streams(
      int perKeyMax,
      int perTenantMax,
      int max,
      Duration life,
      Duration stallMax,
      Duration unknownMax) {
    public static final Streams DEFAULT =
        new Streams(
            1_000,
            5_000,
            10_000,
            Duration.ofHours(1),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60));

    public Streams {
      if (perKeyMax < 1 || perTenantMax < 1 || max < 1) {
        throw new IllegalArgumentException("every bound of event streams is at least 1");
      }
      if (life.toMillis() < 1 || stallMax.toMillis() < 1 || unknownMax.isNegative()) {
        throw new IllegalArgumentException("every time of event streams is positive");
      }
    }

    public Streams life(Duration other) {
      return new Streams(perKeyMax, perTenantMax, max, other, stallMax, unknownMax);
    }
  }

  /**
   * What clients may hold open.
   *
   * @param max connections in total; defaults to 12,000
   * @param perAddressMax connections of one address (IPv6: of one /64); defaults to 2,000
   * @param headDeadline by when the head of a request must be whole, from its first byte on, and by
   *     when a new connection must have sent one; defaults to 10 s
   * @param answerDeadline by when a client must have taken an answer; defaults to 60 s
   * @param unsentBytesMax of answers that clients have not taken yet; for one more, the network
   *     that holds the most loses its oldest; defaults to an eighth of the heap
   */
  public record Connections(
      int max,
      int perAddressMax,
      Duration headDeadline,
      Duration answerDeadline,
      long unsentBytesMax) {
    public static final Connections DEFAULT =
        new Connections(
            12_000,
            2_000,
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Runtime.getRuntime().maxMemory() / 8);

    public Connections {
      if (max < 1 || perAddressMax < 1 || unsentBytesMax < 1) {
        throw new IllegalArgumentException("every bound of connections is at least 1");
      }
      if (headDeadline.toMillis() < 1 || answerDeadline.toMillis() < 1) {
        throw new IllegalArgumentException("every deadline of connections is positive");
      }
    }

    public Connections bounds(int total, int perAddress) {
      return new Connections(total, perAddress, headDeadline, answerDeadline, unsentBytesMax);
    }

    public Connections headDeadline(Duration other) {
      return new Connections(max, perAddressMax, other, answerDeadline, unsentBytesMax);
    }

    public Connections unsent(long bytesMax, Duration deadline) {
      return new Connections(max, perAddressMax, headDeadline, deadline, bytesMax);
    }
  }

  /**
   * @param keepAlive between two comments to a silent reader; defaults to 15 s
   * @param bodyDeadline by when a request's body must be complete; defaults to 15 s
   * @param replayWait how long a replay waits for the first submission's confirm; defaults to 5 s
   * @param sweepHold how long nothing is ended from outside after a start, or after the store came
   *     back: its workers need that long to renew what they hold; defaults to two leases
   */
  public record Timing(
      Duration keepAlive, Duration bodyDeadline, Duration replayWait, Duration sweepHold) {
    public static final Timing DEFAULT =
        new Timing(
            Duration.ofSeconds(15),
            Duration.ofSeconds(15),
            Duration.ofSeconds(5),
            Leases.LENGTH.multipliedBy(2));

    public Timing {
      if (keepAlive.toMillis() < 15 || bodyDeadline.toMillis() < 1) {
        throw new IllegalArgumentException("keep-alive and body deadline must be positive");
      }
    }
  }
}

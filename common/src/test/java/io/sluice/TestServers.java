package io.sluice;

import io.sluice.testservers.Docker;
import io.sluice.testservers.NpmPackages;
import io.sluice.testservers.PythonPackages;
import io.sluice.testservers.RabbitServer;
import io.sluice.testservers.RedisServer;
import io.sluice.testservers.ServerTls;
import io.sluice.testservers.ServersMissing;
import java.net.URI;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.opentest4j.TestAbortedException;

/**
 * The RabbitMQ and the Redis that the tests of this JVM share, found or started at the first call.
 * In this order: {@code SLUICE_TEST_AMQP_URL} and {@code SLUICE_TEST_REDIS_URL}; Docker, if an
 * engine answers; {@code rabbitmq-server} and {@code redis-server} on the PATH, started in a folder
 * of their own; the same after an installation with apt-get, as root on Debian or Ubuntu.
 *
 * <p>Clients come from npm and PyPI, by lists with digests, through the ordinary npm and pip; these
 * too are installed with apt-get where they are missing.
 *
 * <p>With none of these the calling test is reported as not run, with the reason. With {@code
 * SLUICE_TEST_REQUIRE=distributed} it fails.
 *
 * <p>Tests that break a server on purpose start one of their own: {@link RabbitServer#start}.
 */
public final class TestServers {
  private static final Path PACKAGES = Path.of("target", "packages");
  private static final Found<URI> AMQP = new Found<>(TestServers::findAmqp);
  private static final Found<URI> REDIS = new Found<>(TestServers::findRedis);

  private TestServers() {}

  /** Shared: use names of your own, and leave its limits and alarms alone. */
  public static URI amqpUri() {
    return orNotRun(AMQP);
  }

  /** Shared: use key prefixes of your own, and do not flush it. */
  public static URI redisUri() {
    return orNotRun(REDIS);
  }

  /** A broker of the test's own, which it may kill. The test closes it. */
  public static RabbitServer ownRabbit() {
    return orNotRun(RabbitServer::start);
  }

  /** A Redis of the test's own, which it may kill. The test closes it. */
  public static RedisServer ownRedis() {
    return orNotRun(RedisServer::start);
  }

  /** A broker of the test's own that also speaks TLS. The test closes it. */
  public static RabbitServer ownRabbit(ServerTls tls) {
    return orNotRun(() -> RabbitServer.start(tls));
  }

  /** A Redis of the test's own on TLS only. The test closes it. */
  public static RedisServer ownRedis(ServerTls tls) {
    return orNotRun(() -> RedisServer.start(tls));
  }

  /**
   * Packages of npm, installed below {@code target} of the calling module.
   *
   * @param sources has {@code package.json} and {@code package-lock.json}
   */
  public static NpmPackages npmPackages(Path sources) {
    return orNotRun(() -> NpmPackages.install(sources, PACKAGES));
  }

  /** Packages of Python, installed below {@code target} of the calling module. */
  public static PythonPackages pythonPackages(Path requirements) {
    return orNotRun(() -> PythonPackages.install(requirements, PACKAGES));
  }

  private static URI findAmqp() {
    String url = System.getenv("SLUICE_TEST_AMQP_URL");
    if (url != null) {
      return URI.create(url);
    }
    return Docker.rabbit().orElseGet(() -> RabbitServer.start().uri());
  }

  private static URI findRedis() {
    String url = System.getenv("SLUICE_TEST_REDIS_URL");
    if (url != null) {
      return URI.create(url);
    }
    return Docker.redis().orElseGet(() -> RedisServer.start().uri());
  }

  private static <T> T orNotRun(Supplier<T> supplier) {
    try {
      return supplier.get();
    } catch (ServersMissing e) {
      if ("distributed".equals(System.getenv("SLUICE_TEST_REQUIRE"))) {
        throw e;
      }
      throw new TestAbortedException(e.getMessage(), e);
    }
  }

  /** What was found, or why nothing was: looked for once. */
  private static final class Found<T> implements Supplier<T> {
    private final Supplier<T> search;
    private T value;
    private ServersMissing missing;

    Found(Supplier<T> search) {
      this.search = search;
    }

    @Override
    public synchronized T get() {
      if (missing != null) {
        throw missing;
      }
      if (value == null) {
        try {
          value = search.get();
        } catch (ServersMissing e) {
          missing = e;
          throw e;
        }
      }
      return value;
    }
  }
}

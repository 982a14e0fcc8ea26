package io.sluice.testservers;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Servers in containers. The engine is asked before Testcontainers is: that would look for it in
 * many places for a long time where there is only a docker client.
 */
public final class Docker {
  private static final Logger LOG = LoggerFactory.getLogger(Docker.class);

  private Docker() {}

  public static Optional<URI> rabbit() {
    return inContainer("rabbitmq:4-management", 5672)
        .map(address -> URI.create("amqp://guest:guest@" + address));
  }

  public static Optional<URI> redis() {
    String[] command = {
      "redis-server", "--appendonly", "yes", "--maxmemory-policy", "noeviction", "--save", ""
    };
    return inContainer("redis:7", 6379, command).map(address -> URI.create("redis://" + address));
  }

  private static Optional<String> inContainer(String image, int port, String... command) {
    if (!engineAnswers()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Containers.start(image, port, command));
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("A Docker engine answers, but {} does not start: {}", image, e.toString());
      return Optional.empty();
    }
  }

  private static boolean engineAnswers() {
    FutureTask<Boolean> ping = new FutureTask<>(Docker::ping);
    Thread.ofPlatform().daemon().name("docker-ping").start(ping);
    try {
      return ping.get(2, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static boolean ping() throws IOException {
    URI host =
        URI.create(
            Optional.ofNullable(System.getenv("DOCKER_HOST"))
                .orElse("unix:///var/run/docker.sock"));
    boolean unix = "unix".equals(host.getScheme());
    SocketAddress address =
        unix
            ? UnixDomainSocketAddress.of(host.getPath())
            : new InetSocketAddress(host.getHost(), host.getPort() < 0 ? 2375 : host.getPort());
    try (SocketChannel channel =
        SocketChannel.open(unix ? StandardProtocolFamily.UNIX : StandardProtocolFamily.INET)) {
      channel.connect(address);
      channel.write(
          ByteBuffer.wrap(
              "GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
      // Whatever it says, over TLS too, somebody is there; Testcontainers does the rest.
      return channel.read(ByteBuffer.allocate(1)) > 0;
    }
  }
}

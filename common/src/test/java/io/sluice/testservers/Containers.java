package io.sluice.testservers;

import java.time.Duration;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** The only class that needs Testcontainers, which other modules may not have at hand. */
final class Containers {
  private Containers() {}

  /** Starts a container, which Testcontainers removes after the JVM's end; its HOST:PORT. */
  @SuppressWarnings("resource")
  static String start(String image, int port, String... command) {
    GenericContainer<?> container =
        new GenericContainer<>(DockerImageName.parse(image))
            .withExposedPorts(port)
            .waitingFor(
                Wait.forSuccessfulCommand(
                        image.startsWith("redis")
                            ? "redis-cli ping"
                            : "rabbitmq-diagnostics -q check_port_connectivity")
                    .withStartupTimeout(Duration.ofMinutes(2)));
    if (command.length > 0) {
      container.withCommand(command);
    }
    container.start();
    return container.getHost() + ":" + container.getMappedPort(port);
  }
}

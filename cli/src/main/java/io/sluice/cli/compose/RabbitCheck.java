package io.sluice.cli.compose;

import io.sluice.cli.doctor.Check;
import io.sluice.cli.doctor.Finding;
import io.sluice.cli.doctor.Versions;
import io.sluice.rabbitmq.RabbitLook;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Whether RabbitMQ answers and is new enough. */
public final class RabbitCheck implements Check {
  private static final String OLDEST = "3.10";

  private final ServerAddress rabbit;

  public RabbitCheck(ServerAddress rabbit) {
    this.rabbit = rabbit;
  }

  @Override
  public String about() {
    return "rabbitmq";
  }

  @Override
  public List<Finding> look() {
    try {
      String version = RabbitLook.version(rabbit.uri(), rabbit.tls());
      List<Finding> found = new ArrayList<>();
      found.add(version(version));
      found.add(
          Crossing.of(about(), rabbit.uri(), "amqps").orElse(Finding.ok(about(), "over TLS")));
      found.add(
          new Finding(
              about(),
              Finding.Verdict.OK,
              "its consumer_timeout cannot be seen from here",
              "make it at least four times the longest attempt: deploy/rabbitmq.conf"));
      return found;
    } catch (IOException | TimeoutException | IllegalArgumentException e) {
      return List.of(
          Finding.failed(
              about(),
              "no answer: " + said(e),
              "start it, or correct SLUICE_AMQP_URL and its files"));
    }
  }

  private Finding version(String version) {
    return Versions.atLeast(version, OLDEST)
        ? Finding.ok(about(), "answers, version " + version)
        : Finding.failed(about(), "version " + version, "update it to " + OLDEST + " or newer");
  }

  private static String said(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}

package io.sluice.cli.compose;

import java.net.URI;

/** Where RabbitMQ and Redis are; their passwords are in the addresses, so it is never printed. */
public record Brokers(URI amqp, URI redis) {
  @Override
  public String toString() {
    return "Brokers[***]";
  }
}

package io.sluice.cli.compose;

/** Where RabbitMQ and Redis are; their passwords are in the addresses, so it is never printed. */
public record Brokers(ServerAddress amqp, ServerAddress redis) {
  @Override
  public String toString() {
    return "Brokers[***]";
  }
}

package io.sluice.rabbitmq;

import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * What tests make smaller.
 *
 * @param prefix begins the name of every queue and exchange
 * @param pace from a rung's wait to the wait that is used; it becomes part of the rung's name
 * @param settling how long new lanes delay readiness: a quorum queue declared less than two seconds
 *     before its broker is killed is lost with its messages
 * @param publishWithin the deadline of a publication
 * @param retryWithin the deadline of a message that is sent on, which also waits for the broker
 */
record Settings(
    String prefix,
    UnaryOperator<Duration> pace,
    Duration settling,
    Duration publishWithin,
    Duration retryWithin) {
  static final Settings DEFAULT =
      new Settings(
          "sluice",
          UnaryOperator.identity(),
          Duration.ofSeconds(5),
          Duration.ofSeconds(2),
          Duration.ofSeconds(10));
}

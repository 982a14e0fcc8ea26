package io.sluice.rabbitmq;

import io.sluice.HealthCheck;
import io.sluice.JobQueue;
import io.sluice.Pool;
import io.sluice.tls.ClientTls;
import java.net.URI;
import java.util.List;

/**
 * A RabbitMQ broker as Sluice uses it. Connects in the background, for as long as it takes, and
 * again whenever the connection is lost; meanwhile the queue's Futures fail with {@link
 * io.sluice.Unavailable} and the health check says why.
 *
 * <p>The broker's {@code consumer_timeout} applies to pulled messages and must be at least four
 * times the longest attempt: beyond it the broker takes the message back, and all others that were
 * pulled on the same channel with it.
 */
public final class Rabbit implements AutoCloseable {
  private final Topology topology;
  private final Publisher publisher;
  private final Puller puller;
  private final Link publishing;
  private final Link pulling;
  private final JobQueue queue;
  private final HealthCheck health;

  private Rabbit(Broker broker, List<Pool> pools, Settings settings) {
    topology = new Topology(settings, pools);
    publisher = new Publisher(topology, settings);
    publishing = new Link(broker, "sluice publish", publisher::attach);
    pulling = new Link(broker, "sluice pull", topology::declare);
    puller = new Puller(pulling, publisher, topology);
    queue = new RabbitJobQueue(topology, publisher, puller);
    health = new BrokerHealth(List.of(publishing, pulling), publisher, puller, topology);
  }

  /**
   * Returns at once, connected or not.
   *
   * @param uri {@code amqp://user:password@host:port/vhost}, or {@code amqps:} with the certificate
   *     and the host's name checked
   * @param tls whom to trust, and what to show, for {@code amqps:}
   */
  public static Rabbit connect(URI uri, ClientTls tls, List<Pool> pools) {
    return connect(Broker.at(uri, tls), pools, Settings.DEFAULT);
  }

  static Rabbit connect(URI uri, List<Pool> pools, Settings settings) {
    return connect(Broker.at(uri, ClientTls.DEFAULT), pools, settings);
  }

  static Rabbit connect(Broker broker, List<Pool> pools, Settings settings) {
    Rabbit rabbit = new Rabbit(broker, pools, settings);
    rabbit.publisher.start();
    rabbit.publishing.start();
    rabbit.pulling.start();
    return rabbit;
  }

  public JobQueue queue() {
    return queue;
  }

  public List<HealthCheck> healthChecks() {
    return List.of(health);
  }

  /** Sends what was settled, then disconnects: what is still pulled goes back to its lane. */
  @Override
  public void close() {
    puller.close();
    publisher.close();
    pulling.close();
    publishing.close();
  }
}

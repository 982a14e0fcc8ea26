package io.sluice.rabbitmq;

import io.sluice.Delivery;
import io.sluice.JobMessage;
import io.sluice.JobQueue;
import io.sluice.Lane;
import io.vertx.core.Future;
import java.util.Optional;

/** The port, as one publisher and one puller. */
final class RabbitJobQueue implements JobQueue {
  private final Topology topology;
  private final Publisher publisher;
  private final Puller puller;

  RabbitJobQueue(Topology topology, Publisher publisher, Puller puller) {
    this.topology = topology;
    this.publisher = publisher;
    this.puller = puller;
  }

  @Override
  public Future<Publish> publish(Lane lane, JobMessage message) {
    if (Topology.leadsToRetry(lane)
        && !topology.declares(new Lane.Retry(message.job().pool(), message.job().jobClass()))) {
      // The rung would take the message and never find where to send it.
      return Future.succeededFuture(Publish.REFUSED);
    }
    return publisher.publish(Parcels.job(topology, lane, message));
  }

  @Override
  public Future<Optional<Delivery>> pull(Lane lane) {
    return puller.pull(lane);
  }

  @Override
  public Future<Long> waiting(Lane lane) {
    return puller.waiting(lane);
  }
}

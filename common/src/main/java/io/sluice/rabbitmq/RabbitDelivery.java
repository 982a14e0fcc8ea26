package io.sluice.rabbitmq;

import com.rabbitmq.client.GetResponse;
import io.sluice.Delivery;
import io.sluice.Job;
import io.sluice.JobMessage;
import io.sluice.Lane;
import io.sluice.Unavailable;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** A message that was pulled and is unacknowledged until it settles. */
final class RabbitDelivery implements Delivery {
  /** Where the message was pulled, which is where it must be settled. */
  record Held(GetResponse got, Grip grip, Hand hand) {
    Future<Void> acknowledge() {
      return hand.settle(grip, channel -> channel.basicAck(tag(), false));
    }

    Future<Void> giveBack() {
      return hand.settle(grip, channel -> channel.basicNack(tag(), false, true));
    }

    private long tag() {
      return got.getEnvelope().getDeliveryTag();
    }
  }

  private final JobMessage message;
  private final Lane lane;
  private final Held held;
  private final Publisher publisher;
  private final Topology topology;
  private final AtomicBoolean settled = new AtomicBoolean();

  RabbitDelivery(JobMessage message, Lane lane, Held held, Publisher publisher, Topology topology) {
    this.message = message;
    this.lane = lane;
    this.held = held;
    this.publisher = publisher;
    this.topology = topology;
  }

  @Override
  public JobMessage message() {
    return message;
  }

  @Override
  public Lane lane() {
    return lane;
  }

  @Override
  public boolean redelivered() {
    return held.got().getEnvelope().isRedeliver();
  }

  @Override
  public Future<Void> done() {
    return settled.compareAndSet(false, true) ? held.acknowledge() : settledBefore();
  }

  @Override
  public Future<Void> retry(int attempt, Duration after) {
    if (!settled.compareAndSet(false, true)) {
      return settledBefore();
    }
    if (!held.grip().isOpen()) {
      // It has gone back to its lane already; another copy would help nobody.
      return Future.succeededFuture();
    }
    return send(attempt, Lane.Delay.atMost(after))
        .recover(
            why -> {
              settled.set(false);
              return Future.failedFuture(why);
            })
        .compose(stored -> held.acknowledge());
  }

  @Override
  public Future<Void> dead(String reason) {
    if (!settled.compareAndSet(false, true)) {
      return settledBefore();
    }
    if (!held.grip().isOpen()) {
      return Future.succeededFuture();
    }
    return publisher
        .forward(Parcels.dead(topology, message, reason))
        // Nobody may settle it again, so it must not stay in this hand.
        .recover(why -> held.giveBack().compose(back -> Future.failedFuture(why)))
        .compose(stored -> held.acknowledge());
  }

  @Override
  public Future<Void> release() {
    return settled.compareAndSet(false, true) ? held.giveBack() : settledBefore();
  }

  private Future<Void> send(int attempt, Lane rung) {
    Job job = message.job();
    Lane retry = new Lane.Retry(job.pool(), job.jobClass());
    if (!topology.declares(retry)) {
      // The rung would take the message and never find where to send it.
      return Future.failedFuture(new Unavailable("queue", "no lane " + retry.label()));
    }
    return publisher.forward(Parcels.again(topology, rung, job, held.got().getBody(), attempt));
  }

  private static Future<Void> settledBefore() {
    return Future.failedFuture(new IllegalStateException("the delivery was settled before"));
  }
}

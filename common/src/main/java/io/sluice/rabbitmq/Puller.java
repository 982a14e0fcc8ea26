package io.sluice.rabbitmq;

import com.rabbitmq.client.GetResponse;
import io.sluice.Delivery;
import io.sluice.Lane;
import io.sluice.Unavailable;
import io.sluice.codec.CodecException;
import io.sluice.codec.JobCodec;
import io.sluice.rabbitmq.Publication.Parcel;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes messages out of lanes, one at a time, with a few hands that take turns. */
final class Puller implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Puller.class);
  private static final int HANDS = 4;
  private static final int PULLS_AT_MOST = 1000;

  private final Publisher publisher;
  private final Topology topology;
  private final List<Hand> hands;

  /** Counts on a channel of its own, which a lane that does not exist may close. */
  private final Hand counter;

  private final AtomicInteger turn = new AtomicInteger();
  private final Semaphore pulls = new Semaphore(PULLS_AT_MOST);

  Puller(Link link, Publisher publisher, Topology topology) {
    this.publisher = publisher;
    this.topology = topology;
    this.hands =
        IntStream.range(0, HANDS).mapToObj(i -> new Hand(link, "sluice-puller-" + i)).toList();
    this.counter = new Hand(link, "sluice-counter");
  }

  Future<Optional<Delivery>> pull(Lane lane) {
    if (!topology.declares(lane)) {
      // Asking the broker would cost the channel, and everything that was pulled on it.
      return Future.succeededFuture(Optional.empty());
    }
    if (!pulls.tryAcquire()) {
      return Future.failedFuture(new Unavailable("queue", "too many pulls at once"));
    }
    Hand hand = hands.get(Math.floorMod(turn.getAndIncrement(), HANDS));
    return hand.<Optional<Delivery>>ask(grip -> pullOrRepair(lane, hand, grip))
        .onComplete(ended -> pulls.release());
  }

  Future<Long> waiting(Lane lane) {
    return counter.ask(
        grip -> {
          try {
            return (long)
                grip.channel().queueDeclarePassive(topology.queue(lane)).getMessageCount();
          } catch (IOException e) {
            if (Channels.isNotFound(e)) {
              return 0L;
            }
            throw e;
          }
        });
  }

  @Override
  public void close() {
    hands.forEach(Hand::close);
    counter.close();
  }

  private Optional<Delivery> pullOrRepair(Lane lane, Hand hand, Grip grip) throws IOException {
    try {
      return pull(lane, hand, grip);
    } catch (IOException e) {
      if (Channels.isNotFound(e)) {
        topology.repair(grip.channel().getConnection());
      }
      throw e;
    }
  }

  private Optional<Delivery> pull(Lane lane, Hand hand, Grip grip) throws IOException {
    while (true) {
      GetResponse got = grip.channel().basicGet(topology.queue(lane), false);
      if (got == null) {
        return Optional.empty();
      }
      grip.hold();
      try {
        return Optional.of(
            new RabbitDelivery(
                JobCodec.readMessage(got.getBody()),
                lane,
                new RabbitDelivery.Held(got, grip, hand),
                publisher,
                topology));
      } catch (CodecException e) {
        setAside(Unread.parcel(topology, lane, got, e), got, grip, hand);
      }
      if (lane == Lane.Aside.DEAD) {
        // It went to the end of this very lane, and would come round for ever.
        return Optional.empty();
      }
    }
  }

  private void setAside(Parcel parcel, GetResponse got, Grip grip, Hand hand) {
    long tag = got.getEnvelope().getDeliveryTag();
    publisher
        .forward(parcel)
        .onSuccess(stored -> hand.settle(grip, channel -> channel.basicAck(tag, false)))
        .onFailure(
            why -> {
              LOG.warn("an unreadable message goes back to its lane: {}", why.getMessage());
              hand.settle(grip, channel -> channel.basicNack(tag, false, true));
            });
  }
}

package io.sluice.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Return;
import java.io.IOException;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What was published on one channel and is not yet answered. Numbers begin anew with every channel,
 * so nothing here outlives it. Its listeners run on the connection's reader thread and only pass
 * answers on.
 */
final class Confirms {
  private static final int WINDOW = 1000;

  private final Channel channel;
  private final Consumer<String> unroutable;
  private final ConcurrentNavigableMap<Long, Publication> outstanding =
      new ConcurrentSkipListMap<>();
  private final Semaphore window = new Semaphore(WINDOW);
  private volatile boolean lost;

  /**
   * @param unroutable is told the routing key of what came back; must not block
   */
  Confirms(Channel channel, Consumer<String> unroutable) {
    this.channel = channel;
    this.unroutable = unroutable;
  }

  void listen() throws IOException {
    channel.confirmSelect();
    channel.addReturnListener(this::returned);
    channel.addConfirmListener(
        (number, multiple) -> answer(number, multiple, Publication::confirmed),
        (number, multiple) -> answer(number, multiple, Publication::refused));
  }

  /** Waits for a place in the window, at most until the publication's deadline. */
  boolean awaitPlace(Publication publication) throws InterruptedException {
    return window.tryAcquire(publication.nanosLeft(), TimeUnit.NANOSECONDS);
  }

  /** Sends a publication that has a place. Only ever called by one thread. */
  void send(Publication publication, byte[] body) {
    long number = channel.getNextPublishSeqNo();
    outstanding.put(number, publication);
    if (!publication.send(() -> forget(number))) {
      forget(number);
      return;
    }
    try {
      Publication.Parcel parcel = publication.parcel();
      channel.basicPublish(
          parcel.route().exchange(), parcel.route().key(), true, properties(parcel, number), body);
    } catch (AlreadyClosedException e) {
      publication.unavailable("the connection to RabbitMQ was lost");
    } catch (IOException | RuntimeException e) {
      publication.unknown();
    }
    if (lost) {
      publication.unknown();
    }
  }

  /** The channel is gone, and with it every answer that was still to come. */
  void lost() {
    lost = true;
    outstanding.values().forEach(Publication::unknown);
  }

  private void answer(long number, boolean multiple, Consumer<Publication> ending) {
    if (multiple) {
      outstanding.headMap(number, true).values().forEach(ending);
    } else {
      Publication publication = outstanding.get(number);
      if (publication != null) {
        ending.accept(publication);
      }
    }
  }

  /** Comes before the confirm of the same message. */
  private void returned(Return message) {
    Publication publication =
        outstanding.get(Long.parseLong(message.getProperties().getCorrelationId()));
    if (publication != null) {
      publication.returned();
    }
    unroutable.accept(message.getRoutingKey());
  }

  private void forget(long number) {
    if (outstanding.remove(number) != null) {
      window.release();
    }
  }

  private static AMQP.BasicProperties properties(Publication.Parcel parcel, long number) {
    return new AMQP.BasicProperties.Builder()
        .contentType("application/json")
        .deliveryMode(2)
        .messageId(parcel.messageId())
        .correlationId(String.valueOf(number))
        .headers(parcel.headers())
        .expiration(parcel.life().map(life -> String.valueOf(life.toMillis())).orElse(null))
        .build();
  }
}

package io.sluice.rabbitmq;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.ChannelContinuationTimeoutException;
import io.sluice.Unavailable;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** A thread that asks the broker, on a channel that no other thread uses. */
final class Hand implements AutoCloseable {
  /** A question to the broker, asked on the hand's thread. */
  interface Question<T> {
    T ask(Grip grip) throws IOException;
  }

  private static final int CLOSE_SECONDS = 2;

  private final Link link;
  private final ExecutorService thread;
  private Grip current;

  Hand(Link link, String name) {
    this.link = link;
    this.thread =
        Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name(name).factory());
  }

  <T> Future<T> ask(Question<T> question) {
    Reply<T> reply = new Reply<>();
    try {
      thread.execute(() -> answer(question, reply));
    } catch (RejectedExecutionException e) {
      reply.fail(new Unavailable("queue", "closed"));
    }
    return reply.future();
  }

  Future<Void> settle(Grip grip, Grip.Settlement settlement) {
    Reply<Void> reply = new Reply<>();
    try {
      thread.execute(
          () -> {
            grip.settle(settlement);
            reply.succeed(null);
          });
    } catch (RejectedExecutionException e) {
      // Closed, and the message went back with the channel.
      reply.succeed(null);
    }
    return reply.future();
  }

  /** Finishes what was settled, within a bound. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private <T> void answer(Question<T> question, Reply<T> reply) {
    try {
      Grip grip = grip();
      reply.succeed(asked(question, grip));
    } catch (IOException | AlreadyClosedException e) {
      reply.fail(new Unavailable("queue", "RabbitMQ: " + e, e));
    } catch (RuntimeException e) {
      reply.fail(e);
    }
  }

  private static <T> T asked(Question<T> question, Grip grip) throws IOException {
    try {
      return question.ask(grip);
    } catch (ChannelContinuationTimeoutException e) {
      grip.retire();
      throw e;
    }
  }

  private Grip grip() throws IOException {
    if (current == null || !current.isUsable()) {
      current =
          new Grip(
              Channels.open(
                  link.connection()
                      .orElseThrow(
                          () ->
                              new Unavailable(
                                  "queue", link.trouble().orElse("RabbitMQ went away")))));
    }
    return current;
  }
}

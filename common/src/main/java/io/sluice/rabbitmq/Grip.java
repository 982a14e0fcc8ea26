package io.sluice.rabbitmq;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A channel and the messages that were pulled on it, which only it can settle. Owned by the thread
 * of one {@link Hand}.
 */
final class Grip {
  private static final Logger LOG = LoggerFactory.getLogger(Grip.class);

  /** What settles one message. */
  interface Settlement {
    void on(Channel channel) throws IOException;
  }

  private final Channel channel;
  private int held;
  private boolean retired;

  Grip(Channel channel) {
    this.channel = channel;
  }

  Channel channel() {
    return channel;
  }

  /** Safe from any thread. */
  boolean isOpen() {
    return channel.isOpen();
  }

  boolean isUsable() {
    return !retired && channel.isOpen();
  }

  void hold() {
    held++;
  }

  /** What is lost with the channel needs no settling: the broker gives it to somebody again. */
  void settle(Settlement settlement) {
    held--;
    try {
      if (channel.isOpen()) {
        settlement.on(channel);
      }
    } catch (AlreadyClosedException | IOException e) {
      LOG.debug("a message comes back, since its channel was lost: {}", e.toString());
    }
    closeIfDone();
  }

  /**
   * The channel owes an answer, which may yet come with a message that nobody waits for. It pulls
   * no more, but what it holds is still settled on it; when it is closed, the stray goes back.
   */
  void retire() {
    retired = true;
    closeIfDone();
  }

  private void closeIfDone() {
    if (retired && held == 0 && channel.isOpen()) {
      Thread.startVirtualThread(this::close);
    }
  }

  private void close() {
    try {
      channel.close();
    } catch (AlreadyClosedException | IOException | TimeoutException e) {
      LOG.debug("a channel was closed already: {}", e.toString());
    }
  }
}

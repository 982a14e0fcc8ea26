package io.sluice.rabbitmq;

import static org.awaitility.Awaitility.await;

import io.sluice.JobQueue;
import io.sluice.JobQueueContract;
import io.sluice.Lane;
import io.sluice.Pool;
import io.sluice.TestServers;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

class RabbitJobQueueTest extends JobQueueContract {
  @Override
  protected Fixture open(List<Pool> pools) {
    return new RabbitFixture(TestServers.amqpUri(), pools);
  }

  private static final class RabbitFixture implements Fixture {
    private final URI broker;
    private final List<Pool> pools;
    private final Settings settings = Brokers.settings();
    private Rabbit rabbit;

    RabbitFixture(URI broker, List<Pool> pools) {
      this.broker = broker;
      this.pools = pools;
      connect();
    }

    private void connect() {
      rabbit = Rabbit.connect(broker, pools, settings);
      Healths.awaitHealthy(rabbit);
    }

    @Override
    public JobQueue queue() {
      return rabbit.queue();
    }

    @Override
    public void killHolder() {
      rabbit.close();
      connect();
    }

    @Override
    public void letDelayPass(Duration after) {
      // The rungs are short enough for a test to wait for what comes out of them; a retry that is
      // counted or taken out afterwards must have left its rung, though.
      String rung = new Topology(settings, pools).queue(Lane.Delay.atMost(after));
      await().until(() -> Brokers.waiting(broker, rung) == 0);
    }

    @Override
    public void publishUnreadable(Lane lane) {
      byte[] body = "{\"v\":1,\"job\":".getBytes(StandardCharsets.UTF_8);
      Brokers.publishRaw(broker, new Topology(settings, pools).queue(lane), body);
    }

    @Override
    public void close() {
      rabbit.close();
      Brokers.removeAll(broker, settings, pools);
    }
  }
}

package io.sluice.rabbitmq;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Connection;
import io.sluice.Lane;
import io.sluice.Pool;
import io.sluice.TestServers;
import io.sluice.testservers.RabbitServer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lanes of several pools on a broker of their own; prints what they cost it. */
class ManyLanesTest {
  private static final Logger LOG = LoggerFactory.getLogger(ManyLanesTest.class);
  private final Settings settings = Brokers.settings();

  @Test
  void every_lane_of_five_pools_is_made_and_found_again() throws Exception {
    List<Pool> pools = IntStream.range(0, 5).mapToObj(n -> Pool.parse("qwen3:" + n + "b")).toList();
    try (RabbitServer server = TestServers.ownRabbit()) {
      print(server, "no lane");
      declare(server, pools.subList(0, 1));
      declare(server, pools);
      declare(server, pools);
      try (Rabbit rabbit = Rabbit.connect(server.uri(), pools, settings)) {
        Healths.awaitHealthy(rabbit);
        for (Pool pool : pools) {
          for (Lane lane : Lane.of(pool)) {
            assertThat(await(rabbit.queue().waiting(lane))).isZero();
          }
        }
      }
      assertThat(server.ctl("list_queues", "name").lines())
          .filteredOn(name -> name.contains("/ready/") || name.contains("/retry/"))
          .hasSize(pools.size() * Lane.of(pools.getFirst()).size());
    }
  }

  private void declare(RabbitServer server, List<Pool> pools) throws Exception {
    try (Connection connection = Brokers.connect(server.uri())) {
      long begun = System.nanoTime();
      new Topology(settings, pools).declare(connection);
      LOG.info(
          "lanes of {} pools declared in {} ms",
          pools.size(),
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
    }
    print(server, "with them");
  }

  private static void print(RabbitServer server, String when) {
    server.ctl("eval", "[garbage_collect(P) || P <- processes()], ok.");
    long bytes = Long.parseLong(server.ctl("eval", "erlang:memory(total).").trim());
    LOG.info("{}: the broker uses {} MiB", when, bytes / 1024 / 1024);
  }
}

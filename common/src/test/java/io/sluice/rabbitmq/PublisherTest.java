package io.sluice.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.rabbitmq.Publication.Parcel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class PublisherTest {
  private static final Settings SETTINGS =
      new Settings(
          "test",
          UnaryOperator.identity(),
          Duration.ZERO,
          Duration.ofSeconds(2),
          Duration.ofSeconds(10));

  private static Parcel parcel(Supplier<byte[]> body) {
    return new Parcel(
        new Topology.Route("", "lane"), "id", Map.of(), java.util.Optional.empty(), body, 1);
  }

  @Test
  void a_message_that_cannot_be_written_does_not_end_the_publishing_of_others() throws Exception {
    try (Publisher publisher = new Publisher(new Topology(SETTINGS, List.of()), SETTINGS)) {
      publisher.start();
      CountDownLatch failed = new CountDownLatch(1);
      publisher
          .forward(
              parcel(
                  () -> {
                    throw new IllegalStateException("the test broke it");
                  }))
          .onFailure(why -> failed.countDown());
      CountDownLatch next = new CountDownLatch(1);
      publisher.forward(
          parcel(
              () -> {
                next.countDown();
                return new byte[1];
              }));
      assertThat(failed.await(5, TimeUnit.SECONDS)).isTrue();
      assertThat(next.await(5, TimeUnit.SECONDS)).isTrue();
    }
  }
}

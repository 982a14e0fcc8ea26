package io.sluice.rabbitmq;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import io.sluice.Delivery;
import io.sluice.HandOver;
import io.sluice.JobClass;
import io.sluice.JobMessage;
import io.sluice.JobQueue.Publish;
import io.sluice.Jobs;
import io.sluice.Lane;
import io.sluice.LaneOrder;
import io.sluice.Pool;
import io.sluice.TestServers;
import io.sluice.Unavailable;
import io.sluice.codec.JobCodec;
import io.sluice.codec.Json;
import io.sluice.tls.ClientTls;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What only the adapter for RabbitMQ promises. */
class RabbitTest {
  private static final Logger LOG = LoggerFactory.getLogger(RabbitTest.class);
  private static final Pool POOL = Pool.parse("rabbit:1b");
  private static final Lane READY = new Lane.Ready(POOL, JobClass.INTERACTIVE, 0);
  private static final Lane RETRY = new Lane.Retry(POOL, JobClass.INTERACTIVE);

  private final Settings settings = Brokers.settings();
  private final List<Rabbit> open = new ArrayList<>();
  private URI broker;

  @BeforeEach
  void findBroker() {
    broker = TestServers.amqpUri();
  }

  @AfterEach
  void clean() {
    open.forEach(Rabbit::close);
    if (broker != null) {
      Brokers.removeAll(broker, settings, List.of(POOL));
    }
  }

  private Rabbit connect(Settings with) {
    Rabbit rabbit = Rabbit.connect(broker, List.of(POOL), with);
    open.add(rabbit);
    return rabbit;
  }

  private Rabbit connected() {
    Rabbit rabbit = connect(settings);
    Healths.awaitHealthy(rabbit);
    return rabbit;
  }

  private static JobMessage message() {
    return new JobMessage(Jobs.chat().pool(POOL).job(), 0);
  }

  @Test
  void new_lanes_delay_readiness_and_lanes_that_are_there_do_not() {
    Settings patient =
        new Settings(
            settings.prefix(),
            settings.pace(),
            Duration.ofHours(1),
            settings.publishWithin(),
            settings.retryWithin());
    Rabbit first = connect(patient);
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> Healths.of(first).contains("settling"));

    Healths.awaitHealthy(connect(patient));
    assertThat(Healths.of(first)).contains("settling");
  }

  @Test
  void processes_that_start_together_agree_on_their_lanes() {
    List<Rabbit> together = Stream.generate(() -> connect(settings)).limit(3).toList();
    together.forEach(Healths::awaitHealthy);
    assertThat(await(together.get(0).queue().publish(READY, message())))
        .isEqualTo(Publish.CONFIRMED);
    await(await(together.get(2).queue().pull(READY)).orElseThrow().done());
  }

  @Test
  void a_lane_that_somebody_deleted_is_made_again() throws Exception {
    Rabbit rabbit = connected();
    try (Connection connection = Brokers.connect(broker);
        Channel channel = connection.createChannel()) {
      channel.queueDelete(new Topology(settings, List.of(POOL)).queue(READY));
    }
    assertThatThrownBy(() -> await(rabbit.queue().pull(READY))).isInstanceOf(Unavailable.class);
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptionsInstanceOf(Unavailable.class)
        .until(() -> await(rabbit.queue().publish(READY, message())) == Publish.CONFIRMED);
  }

  @Test
  void a_message_beyond_the_bound_is_refused_and_harms_no_other() {
    Rabbit rabbit = connected();
    String request = "{\"prompt\":\"" + "x".repeat(Publisher.LARGEST_BYTES) + "\"}";
    Future<Publish> before = rabbit.queue().publish(READY, message());
    Future<Publish> oversize =
        rabbit
            .queue()
            .publish(READY, new JobMessage(Jobs.chat().pool(POOL).request(request).job(), 0));
    Future<Publish> after = rabbit.queue().publish(READY, message());

    assertThat(await(oversize)).isEqualTo(Publish.REFUSED);
    assertThat(List.of(await(before), await(after)))
        .containsExactly(Publish.CONFIRMED, Publish.CONFIRMED);
  }

  @Test
  void a_rung_refuses_a_job_whose_retry_lane_is_not_here() {
    JobMessage foreign = new JobMessage(Jobs.chat().pool(Pool.parse("other:1b")).job(), 0);
    assertThat(await(connected().queue().publish(Lane.Delay.TEN_SECONDS, foreign)))
        .isEqualTo(Publish.REFUSED);
  }

  private static JobMessage handedOver(Duration within) {
    LaneOrder.Turn turn = new LaneOrder.Turn(READY, 12, 34);
    return message().handedOver(new HandOver(turn, within));
  }

  @Test
  void a_job_that_was_handed_over_is_pulled_from_the_warm_lane_as_it_was() {
    Rabbit rabbit = connected();
    Lane warm = new Lane.Warm(31);
    JobMessage message = handedOver(Duration.ofSeconds(5));
    assertThat(await(rabbit.queue().publish(warm, message))).isEqualTo(Publish.CONFIRMED);
    Delivery delivery = await(rabbit.queue().pull(warm)).orElseThrow();
    assertThat(delivery.message()).isEqualTo(message);
    await(delivery.done());
    assertThat(await(rabbit.queue().pull(new Lane.Warm(30)))).isEmpty();
  }

  @Test
  void a_job_that_nobody_pulls_from_a_warm_lane_comes_back_when_its_time_is_over() {
    Rabbit rabbit = connected();
    JobMessage message = handedOver(Duration.ofMillis(150));
    JobMessage longer = handedOver(Duration.ofMillis(300));
    await(rabbit.queue().publish(new Lane.Warm(0), message));
    await(rabbit.queue().publish(new Lane.Warm(0), longer));
    for (JobMessage each : List.of(message, longer)) {
      Delivery back = comesBack(rabbit);
      assertThat(back.message()).isEqualTo(each);
      await(back.done());
    }
    assertThat(await(rabbit.queue().pull(new Lane.Warm(0)))).isEmpty();
  }

  @Test
  void a_job_comes_back_whose_worker_died_with_it_after_its_time() {
    Rabbit dies = connected();
    JobMessage message = handedOver(Duration.ofMillis(300));
    await(dies.queue().publish(new Lane.Warm(0), message));
    assertThat(await(dies.queue().pull(new Lane.Warm(0)))).isPresent();
    Rabbit lives = connected();
    dies.close();
    Delivery back = comesBack(lives);
    assertThat(back.message()).isEqualTo(message);
    await(back.done());
  }

  private static Delivery comesBack(Rabbit rabbit) {
    Lane retry = new Lane.Retry(POOL, JobClass.INTERACTIVE);
    return org.awaitility.Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> await(rabbit.queue().pull(retry)), Optional::isPresent)
        .orElseThrow();
  }

  @Test
  void a_warm_lane_refuses_a_job_whose_retry_lane_is_not_here() {
    JobMessage foreign = new JobMessage(Jobs.chat().pool(Pool.parse("other:1b")).job(), 0);
    assertThat(await(connected().queue().publish(new Lane.Warm(0), foreign)))
        .isEqualTo(Publish.REFUSED);
  }

  @Test
  void an_unreadable_message_in_the_dead_lane_does_not_hide_the_others() {
    Rabbit rabbit = connected();
    String dead = new Topology(settings, List.of(POOL)).queue(Lane.Aside.DEAD);
    Brokers.publishRaw(broker, dead, "garbage".getBytes(StandardCharsets.UTF_8));
    JobMessage message = message();
    await(rabbit.queue().publish(Lane.Aside.DEAD, message));

    Delivery delivery =
        org.awaitility.Awaitility.await()
            .until(() -> await(rabbit.queue().pull(Lane.Aside.DEAD)), Optional::isPresent)
            .orElseThrow();
    assertThat(delivery.message()).isEqualTo(message);
    await(delivery.done());
    org.awaitility.Awaitility.await()
        .untilAsserted(
            () -> assertThat(await(rabbit.queue().waiting(Lane.Aside.DEAD))).isEqualTo(1));
  }

  @Test
  void what_a_newer_program_wrote_into_a_message_is_not_lost_by_a_retry() throws Exception {
    Rabbit rabbit = connected();
    ObjectNode newer = (ObjectNode) Json.parse(text(JobCodec.write(message())));
    newer.put("colour", "blue").withObject("/job").putObject("taste").put("sweet", true);
    Topology topology = new Topology(settings, List.of(POOL));
    Brokers.publishRaw(broker, topology.queue(READY), bytes(newer));

    Delivery delivery = await(rabbit.queue().pull(READY)).orElseThrow();
    await(delivery.retry(3, Duration.ZERO));

    assertThat(Json.parse(text(awaitRaw(topology.queue(RETRY)).getBody())))
        .isEqualTo(newer.put("attempt", 3));
  }

  @Test
  void a_message_that_only_a_newer_program_reads_waits_for_it_as_it_is() throws Exception {
    Rabbit rabbit = connected();
    Topology topology = new Topology(settings, List.of(POOL));
    byte[] newer = "{\"v\":3,\"songs\":[]}".getBytes(StandardCharsets.UTF_8);
    Brokers.publishRaw(broker, topology.queue(READY), newer);
    JobMessage message = message();
    await(rabbit.queue().publish(READY, message));

    Delivery next = await(rabbit.queue().pull(READY)).orElseThrow();
    assertThat(next.message()).as("it holds up nobody").isEqualTo(message);
    await(next.done());
    GetResponse waits = awaitRaw(topology.queue(RETRY));
    assertThat(waits.getBody()).isEqualTo(newer);
    assertThat(waits.getProps().getHeaders()).containsEntry("unread", 1);

    Brokers.publishRaw(broker, topology.queue(RETRY), newer, Map.of("unread", Unread.TIMES_MAX));
    assertThat(await(rabbit.queue().pull(RETRY))).isEmpty();
    assertThat(awaitRaw(topology.queue(Lane.Aside.DEAD)).getBody()).isEqualTo(newer);
  }

  @Test
  void whoever_walks_the_ladder_leaves_a_message_of_a_newer_program_on_its_way() throws Exception {
    Rabbit rabbit = connected();
    Topology topology = new Topology(settings, List.of(POOL));
    byte[] newer = "{\"v\":3,\"songs\":[]}".getBytes(StandardCharsets.UTF_8);
    String rung = topology.queue(Lane.Delay.FIVE_MINUTES);
    await(rabbit.queue().waiting(Lane.Delay.FIVE_MINUTES));
    try (Connection connection = Brokers.connect(broker);
        Channel channel = connection.createChannel()) {
      channel.confirmSelect();
      channel.basicPublish(rung, topology.queue(RETRY), MessageProperties.PERSISTENT_BASIC, newer);
      channel.waitForConfirmsOrDie(5_000);
    }

    assertThat(await(rabbit.queue().pull(Lane.Delay.FIVE_MINUTES))).isEmpty();

    assertThat(awaitRaw(topology.queue(RETRY)).getBody()).isEqualTo(newer);
    assertThat(await(rabbit.queue().waiting(Lane.Aside.DEAD))).isZero();
  }

  /** The next message of a queue, taken by somebody who is no Sluice. */
  private GetResponse awaitRaw(String queue) throws Exception {
    try (Connection connection = Brokers.connect(broker);
        Channel channel = connection.createChannel()) {
      return org.awaitility.Awaitility.await(queue)
          .atMost(Duration.ofSeconds(20))
          .until(() -> channel.basicGet(queue, true), java.util.Objects::nonNull);
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(ObjectNode json) {
    return Json.write(json).getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void answers_arrive_on_the_event_loop_that_asked() {
    Rabbit rabbit = connected();
    Vertx vertx = Vertx.vertx();
    try {
      Context context = vertx.getOrCreateContext();
      Promise<Boolean> same = Promise.promise();
      context.runOnContext(
          asked ->
              rabbit
                  .queue()
                  .publish(READY, message())
                  .onComplete(
                      answered ->
                          same.complete(
                              Vertx.currentContext() == context && Context.isOnEventLoopThread())));
      assertThat(await(same.future())).isTrue();
    } finally {
      await(vertx.close());
    }
  }

  @Test
  void a_closed_adapter_answers_that_it_is_closed() {
    Rabbit rabbit = connected();
    await(rabbit.queue().publish(READY, message()));
    Delivery held = await(rabbit.queue().pull(READY)).orElseThrow();
    rabbit.close();
    rabbit.close();

    assertThatThrownBy(() -> await(rabbit.queue().publish(READY, message())))
        .isInstanceOf(Unavailable.class);
    assertThatThrownBy(() -> await(rabbit.queue().pull(READY))).isInstanceOf(Unavailable.class);
    await(held.done());
  }

  @Test
  void ten_thousand_messages_go_through() {
    Rabbit rabbit = connected();
    int count = 10_000;
    long begun = System.nanoTime();
    IntStream.range(0, count)
        .mapToObj(i -> rabbit.queue().publish(READY, message()))
        .toList()
        .forEach(it -> assertThat(await(it)).isEqualTo(Publish.CONFIRMED));
    long published = System.nanoTime();
    int pulled = 0;
    while (pulled < count) {
      List<Future<Boolean>> round =
          IntStream.range(0, 64)
              .mapToObj(i -> rabbit.queue().pull(READY).compose(RabbitTest::settled))
              .toList();
      pulled += (int) round.stream().filter(io.sluice.Await::await).count();
    }
    long ended = System.nanoTime();

    assertThat(pulled).isEqualTo(count);
    LOG.info(
        "confirmed {}/s, pulled and acknowledged {}/s",
        count * 1000L / Math.max(1, TimeUnit.NANOSECONDS.toMillis(published - begun)),
        count * 1000L / Math.max(1, TimeUnit.NANOSECONDS.toMillis(ended - published)));
  }

  private static Future<Boolean> settled(Optional<Delivery> delivery) {
    return delivery.isPresent() ? delivery.get().done().map(true) : Future.succeededFuture(false);
  }

  @Test
  void an_address_is_read_leniently_and_shown_without_its_password() {
    assertThat(Broker.at(URI.create("amqp://u:secret@example.org/"), ClientTls.DEFAULT).toString())
        .isEqualTo("example.org:5672");
    assertThat(
            Broker.at(URI.create("amqps://u:secret@example.org:7000/v"), ClientTls.DEFAULT)
                .toString())
        .isEqualTo("example.org:7000");
    assertThatThrownBy(() -> Broker.at(URI.create("http://example.org"), ClientTls.DEFAULT))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

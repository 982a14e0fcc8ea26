package io.sluice;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.JobQueue.Publish;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every {@link JobQueue} and {@link Delivery} keep. Each test has pools of its own. */
public abstract class JobQueueContract {
  /** A queue under test, with its lanes; nobody else pulls from its poison and dead lanes. */
  public interface Fixture extends AutoCloseable {
    /** The queue; another one perhaps after {@link #killHolder}. */
    JobQueue queue();

    /** Whoever pulled through {@link #queue} is dead, with all that it held; others take over. */
    void killHolder();

    /**
     * A wait on the retry ladder that was asked to take so long is over soon after this returns: a
     * clock was moved, or the ladder was made with short rungs.
     */
    void letDelayPass(Duration after);

    /** Puts a message on a lane that no version of Sluice wrote. */
    void publishUnreadable(Lane lane);

    @Override
    void close();
  }

  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final int HAND_OUTS = 20;

  private final Pool pool = somePool();
  private final Lane ready = new Lane.Ready(pool, JobClass.INTERACTIVE, 0);
  private final Lane readyBatch = new Lane.Ready(pool, JobClass.BATCH, 0);
  private final Lane retry = new Lane.Retry(pool, JobClass.INTERACTIVE);
  private Fixture it;

  private static Pool somePool() {
    return new Pool("m" + UUID.randomUUID().toString().replace("-", ""), 8192);
  }

  /** A queue with the lanes of these pools. */
  protected abstract Fixture open(List<Pool> pools);

  @BeforeEach
  void openQueue() {
    it = open(List.of(pool));
  }

  @AfterEach
  void closeQueue() {
    it.close();
  }

  private JobMessage message() {
    return new JobMessage(Jobs.chat().pool(pool).job(), 0);
  }

  private JobMessage published(Lane lane) {
    JobMessage message = message();
    assertThat(await(it.queue().publish(lane, message))).isEqualTo(Publish.CONFIRMED);
    return message;
  }

  private Optional<Delivery> pull(Lane lane) {
    return await(it.queue().pull(lane));
  }

  /** The next message of a lane, which may take a moment to arrive. */
  private Delivery next(Lane lane) {
    return await().atMost(DEADLINE).until(() -> pull(lane), Optional::isPresent).orElseThrow();
  }

  @Test
  void a_message_arrives_as_it_was_published() {
    JobMessage message = new JobMessage(Jobs.chat().pool(pool).everything().job(), 3);
    await(it.queue().publish(ready, message));

    Delivery delivery = next(ready);

    assertThat(delivery.message()).isEqualTo(message);
    assertThat(delivery.lane()).isEqualTo(ready);
    assertThat(delivery.redelivered()).isFalse();
    await(delivery.done());
    assertThat(pull(ready)).isEmpty();
  }

  @Test
  void a_message_may_have_megabytes() {
    Jobs big = Jobs.chat().pool(pool).request("{\"prompt\":\"" + "x".repeat(8 << 20) + "\"}");
    JobMessage message = new JobMessage(big.job(), 0);
    assertThat(await(it.queue().publish(ready, message))).isEqualTo(Publish.CONFIRMED);

    Delivery delivery = next(ready);

    assertThat(delivery.message().equals(message)).isTrue();
    await(delivery.done());
  }

  @Test
  void an_empty_lane_hands_out_nothing() {
    assertThat(pull(ready)).isEmpty();
    published(ready);
    assertThat(pull(readyBatch)).isEmpty();
    assertThat(pull(retry)).isEmpty();
  }

  @Test
  void the_oldest_message_of_a_lane_comes_first() {
    List<JobMessage> messages = IntStream.range(0, 20).mapToObj(n -> published(ready)).toList();

    for (JobMessage message : messages) {
      Delivery delivery = next(ready);
      assertThat(delivery.message()).isEqualTo(message);
      await(delivery.done());
    }
  }

  @Test
  void a_message_is_in_one_hand_at_a_time() {
    int count = 60;
    IntStream.range(0, count)
        .mapToObj(n -> it.queue().publish(ready, message()))
        .toList()
        .forEach(publish -> assertThat(await(publish)).isEqualTo(Publish.CONFIRMED));

    List<Delivery> held = new ArrayList<>();
    await()
        .atMost(DEADLINE)
        .until(
            () -> {
              List<Future<Optional<Delivery>>> asked =
                  IntStream.range(0, 8).mapToObj(n -> it.queue().pull(ready)).toList();
              asked.forEach(pulled -> await(pulled).ifPresent(held::add));
              return held.size() >= count;
            });

    assertThat(held.stream().map(delivery -> delivery.message().job().id()).distinct())
        .hasSize(count);
    assertThat(pull(ready)).isEmpty();
    held.forEach(delivery -> await(delivery.done()));
  }

  @Test
  void a_lane_that_does_not_exist_refuses() {
    Lane unknown = new Lane.Ready(somePool(), JobClass.INTERACTIVE, 0);
    assertThat(await(it.queue().publish(unknown, message()))).isEqualTo(Publish.REFUSED);
  }

  @Test
  void waiting_counts_what_was_not_handed_out() {
    published(ready);
    published(ready);
    published(ready);
    assertWaiting(ready, 3);

    Delivery held = next(ready);
    await(next(ready).done());

    assertWaiting(ready, 1);
    await(held.release());
    assertWaiting(ready, 2);
    assertWaiting(retry, 0);
  }

  private void assertWaiting(Lane lane, long expected) {
    await()
        .atMost(DEADLINE)
        .untilAsserted(() -> assertThat(await(it.queue().waiting(lane))).isEqualTo(expected));
  }

  // --- what happens to what nobody settled

  @Test
  void redelivers_an_unsettled_message_when_its_holder_dies() {
    JobMessage first = published(ready);
    JobMessage second = published(ready);
    next(ready);
    next(ready);

    it.killHolder();

    Map<JobId, Delivery> back = new HashMap<>();
    for (int n = 0; n < 2; n++) {
      Delivery delivery = next(ready);
      back.put(delivery.message().job().id(), delivery);
      assertThat(delivery.redelivered()).isTrue();
    }
    assertThat(back).containsOnlyKeys(first.job().id(), second.job().id());
    back.values().forEach(delivery -> await(delivery.done()));
  }

  @Test
  void what_was_settled_stays_settled_when_its_holder_dies() {
    published(ready);
    await(next(ready).done());
    JobMessage waiting = published(ready);

    it.killHolder();

    Delivery delivery = next(ready);
    assertThat(delivery.message()).isEqualTo(waiting);
    await(delivery.done());
    assertThat(pull(ready)).isEmpty();
  }

  @Test
  void a_message_that_nobody_survives_moves_to_the_poison_lane() {
    JobMessage message = published(ready);

    int handOuts = 0;
    Optional<Delivery> poisoned = Optional.empty();
    while (poisoned.isEmpty()) {
      Optional<Delivery> delivery =
          await()
              .atMost(DEADLINE)
              .until(() -> pull(ready).or(() -> pull(Lane.Aside.POISON)), Optional::isPresent);
      if (delivery.orElseThrow().lane().equals(Lane.Aside.POISON)) {
        poisoned = delivery;
      } else {
        handOuts++;
        assertThat(handOuts).isLessThanOrEqualTo(HAND_OUTS + 1);
        it.killHolder();
      }
    }

    assertThat(handOuts).isGreaterThanOrEqualTo(HAND_OUTS);
    assertThat(poisoned.orElseThrow().message()).isEqualTo(message);
    await(poisoned.orElseThrow().dead("poison"));
    Delivery dead = next(Lane.Aside.DEAD);
    assertThat(dead.message()).isEqualTo(message);
    await(dead.done());
  }

  @Test
  void a_message_that_cannot_be_read_is_put_aside_and_not_handed_out() {
    it.publishUnreadable(ready);
    JobMessage good = published(ready);

    assertThat(next(ready).message()).isEqualTo(good);
    assertThat(pull(ready)).isEmpty();
    assertWaiting(Lane.Aside.DEAD, 1);
  }

  // --- settling

  @Test
  void a_released_message_comes_back() {
    JobMessage message = published(ready);

    await(next(ready).release());

    Delivery again = next(ready);
    assertThat(again.message()).isEqualTo(message);
    await(again.done());
    assertThat(pull(ready)).isEmpty();
  }

  @Test
  void a_dead_message_is_kept_in_the_dead_lane() {
    JobMessage message = published(ready);

    await(next(ready).dead("a reason with \"quotes\" and 日本語"));

    assertThat(pull(ready)).isEmpty();
    Delivery dead = next(Lane.Aside.DEAD);
    assertThat(dead.message()).isEqualTo(message);
    await(dead.done());
  }

  @Test
  void a_retried_message_reaches_its_retry_lane_with_its_new_attempt() {
    JobMessage message = published(ready);
    Duration after = Duration.ofSeconds(10);

    await(next(ready).retry(2, after));

    assertThat(pull(ready)).isEmpty();
    it.letDelayPass(after);
    Delivery again = next(retry);
    assertThat(again.message()).isEqualTo(new JobMessage(message.job(), 2));
    await(again.done());
    assertThat(pull(retry)).isEmpty();
    assertThat(pull(ready)).isEmpty();
  }

  @Test
  void a_message_can_be_retried_again_and_again_and_survives_its_holder_meanwhile() {
    JobMessage message = published(ready);
    await(next(ready).retry(1, Duration.ofSeconds(10)));
    it.killHolder();
    it.letDelayPass(Duration.ofSeconds(10));

    Delivery second = next(retry);
    await(second.retry(2, Duration.ofSeconds(10)));
    it.letDelayPass(Duration.ofSeconds(10));

    Delivery third = next(retry);
    assertThat(third.message()).isEqualTo(new JobMessage(message.job(), 2));
    await(third.done());
    assertThat(pull(retry)).isEmpty();
  }

  /** The four endings of a delivery. */
  enum Settlement {
    DONE,
    RETRY,
    DEAD,
    RELEASE;

    Future<Void> of(Delivery delivery) {
      return switch (this) {
        case DONE -> delivery.done();
        case RETRY -> delivery.retry(1, Duration.ofSeconds(10));
        case DEAD -> delivery.dead("enough");
        case RELEASE -> delivery.release();
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_delivery_settles_once(Settlement first) {
    published(ready);
    Delivery delivery = next(ready);
    await(first.of(delivery));

    for (Settlement second : Settlement.values()) {
      assertThatThrownBy(() -> await(second.of(delivery)))
          .isInstanceOf(IllegalStateException.class);
    }

    it.letDelayPass(Duration.ofSeconds(10));
    await()
        .atMost(DEADLINE)
        .untilAsserted(() -> assertThat(inAllLanes()).isEqualTo(first == Settlement.DONE ? 0 : 1));
  }

  private long inAllLanes() {
    return Stream.of(ready, readyBatch, retry, Lane.Aside.DEAD)
        .mapToLong(lane -> await(it.queue().waiting(lane)))
        .sum();
  }

  @Test
  void settlements_that_race_have_one_winner() {
    for (int round = 0; round < 20; round++) {
      published(ready);
      Delivery delivery = next(ready);

      List<CompletableFuture<Future<Void>>> asked =
          Stream.of(Settlement.values())
              .map(settle -> CompletableFuture.supplyAsync(() -> settle.of(delivery)))
              .toList();

      assertThat(asked.stream().map(CompletableFuture::join).filter(JobQueueContract::worked))
          .hasSize(1);
      it.letDelayPass(Duration.ofSeconds(10));
      empty();
    }
  }

  private static boolean worked(Future<Void> settled) {
    try {
      await(settled);
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  /** Takes out whatever a race left behind. */
  private void empty() {
    for (Lane lane : List.of(ready, retry, Lane.Aside.DEAD)) {
      pull(lane).ifPresent(delivery -> await(delivery.done()));
    }
  }
}

package io.sluice.redis;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.Unavailable;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class CallsTest {
  @Test
  void no_more_are_under_way_than_there_is_room_for() {
    Calls calls = new Calls(2);
    List<CompletableFuture<Integer>> under = new ArrayList<>();
    for (int n = 0; n < 5; n++) {
      calls.submit(() -> started(under));
    }
    assertThat(under).isEmpty();

    calls.open();
    assertThat(under).hasSize(2);
    under.getFirst().complete(1);
    assertThat(under).hasSize(3);
    under.get(1).completeExceptionally(new IllegalStateException());
    assertThat(under).hasSize(4);
  }

  private static CompletableFuture<Integer> started(List<CompletableFuture<Integer>> under) {
    under.add(new CompletableFuture<>());
    return under.getLast();
  }

  @Test
  void a_long_line_of_calls_that_settle_at_once_does_not_pile_up_on_the_stack() {
    Calls calls = new Calls(1);
    List<Future<Integer>> answers = new ArrayList<>();
    for (int n = 0; n < 15_000; n++) {
      int value = n;
      answers.add(
          calls.submit(
              () -> {
                if (value % 2 == 0) {
                  throw new IllegalStateException("odd numbers only");
                }
                return CompletableFuture.completedFuture(value);
              }));
    }
    calls.open();

    assertThat(await(answers.getLast())).isEqualTo(14_999);
    assertThat(answers).allMatch(Future::isComplete);
  }

  @Test
  void what_waits_fails_when_it_is_closed_and_what_comes_too() {
    Calls calls = new Calls(1);
    Future<Integer> waiting = calls.submit(CompletableFuture::new);
    calls.close(new Unavailable("store", "closed"));

    assertThatThrownBy(() -> await(waiting)).isInstanceOf(Unavailable.class);
    assertThatThrownBy(() -> await(calls.submit(CompletableFuture::new)))
        .isInstanceOf(Unavailable.class);
  }

  @Test
  void a_call_without_an_answer_ends_and_its_room_is_given_on() {
    Calls calls = new Calls(1);
    calls.open();
    Future<Integer> silent = calls.submit(CompletableFuture::new);

    assertThatThrownBy(() -> await(silent)).hasMessageContaining("TimeoutException");
    assertThat(await(calls.submit(() -> CompletableFuture.completedFuture(7)))).isEqualTo(7);
  }
}

package io.sluice.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.codec.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EnduranceTest {
  private final List<String> told = new ArrayList<>();
  private final AtomicInteger calls = new AtomicInteger();
  private Instant now = Instant.parse("2026-03-01T20:00:00Z");

  private final Endurance endurance =
      new Endurance(
          new Api(URI.create("http://127.0.0.1:1"), Optional.empty()),
          () -> now,
          now.plus(Duration.ofHours(8)),
          new Notice() {
            @Override
            public void away(String why) {
              told.add(why);
            }

            @Override
            public void back() {
              told.add("back");
            }
          });

  @Test
  void a_server_that_was_met_is_waited_for_and_told_of_once() {
    endurance.isHere();
    assertThat(endurance.until(() -> failing(2, new ConnectException()))).isEqualTo(3);
    assertThat(told).containsExactly("no answer from http://127.0.0.1:1", "back");
  }

  @Test
  void it_is_given_up_when_there_is_no_time_left() {
    endurance.isHere();
    assertThatThrownBy(
            () ->
                endurance.until(
                    () -> {
                      now = now.plus(Duration.ofHours(5));
                      return failing(9, new IOException("reset"));
                    }))
        .isInstanceOf(Refusal.class)
        .extracting(e -> ((Refusal) e).exit())
        .isEqualTo(Exit.UNAVAILABLE);
    assertThat(calls).hasValue(2);
  }

  @Test
  void one_that_was_never_met_is_given_up_at_once() {
    assertThatThrownBy(() -> endurance.until(() -> failing(9, new ConnectException())))
        .isInstanceOf(Refusal.class);
    assertThat(calls).hasValue(1);
  }

  @Test
  void an_error_that_nobody_says_will_pass_is_not_waited_for_all_night() {
    assertThatThrownBy(
            () ->
                endurance.until(
                    () -> {
                      now = now.plus(Duration.ofSeconds(50));
                      calls.incrementAndGet();
                      throw ServerProblem.of(Json.parse("{\"status\":500,\"detail\":\"A bug.\"}"));
                    }))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("A bug.");
    assertThat(calls).hasValue(2);
  }

  private int failing(int times, IOException how) throws IOException {
    if (calls.incrementAndGet() <= times) {
      throw how;
    }
    return calls.get();
  }
}

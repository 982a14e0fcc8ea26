package io.sluice;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Grants.Rotation;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Grants} keeps. */
public abstract class GrantsContract {
  private static final Duration LIFE = Duration.ofHours(10);
  private static final Duration IDLE = Duration.ofHours(1);

  private static final Class<Rotation.Rotated> ROTATED = Rotation.Rotated.class;

  private IdentityFixture it;
  private Grants grants;
  private Grant grant;

  protected abstract IdentityFixture open();

  @BeforeEach
  void openGrant() {
    it = open();
    grants = it.grants();
    grant =
        new Grant(
            "g1",
            "acme",
            "key1",
            Set.of("ollama:chat", "batch"),
            Optional.of("tab"),
            it.now(),
            it.now().plus(LIFE),
            IDLE);
    await(grants.open(grant, "first"));
  }

  @AfterEach
  void closeStores() {
    it.close();
  }

  private Rotation rotate(String token, String salt, String successor) {
    return await(grants.rotate(token, salt, successor));
  }

  private boolean holds() {
    return await(grants.holds("g1", "t1"));
  }

  @Test
  void a_token_is_traded_for_its_successor_and_that_for_the_next() {
    assertThat(rotate("first", "s1", "second")).isEqualTo(new Rotation.Rotated(grant));
    assertThat(rotate("second", "s2", "third")).isEqualTo(new Rotation.Rotated(grant));
    assertThat(holds()).isTrue();
  }

  @Test
  void the_same_call_sent_twice_is_one_trade() {
    rotate("first", "s1", "second");
    assertThat(rotate("first", "s1", "second")).isEqualTo(new Rotation.Rotated(grant));
  }

  @Test
  void an_honest_retry_gets_the_same_successor() {
    rotate("first", "s1", "second");
    it.pass(Duration.ofSeconds(1));
    assertThat(rotate("first", "s9", "else")).isEqualTo(new Rotation.Repeated(grant, "s1"));
    assertThat(rotate("else", "s3", "x")).isEqualTo(new Rotation.Refused());
    assertThat(rotate("second", "s2", "third")).isEqualTo(new Rotation.Rotated(grant));
  }

  @Test
  void a_retry_after_the_grace_ends_the_grant() {
    rotate("first", "s1", "second");
    it.pass(Duration.ofSeconds(11));
    assertThat(rotate("first", "s9", "else")).isEqualTo(new Rotation.Reused(grant));
    assertEnded();
  }

  @Test
  void a_retry_after_the_successor_was_used_ends_the_grant() {
    rotate("first", "s1", "second");
    rotate("second", "s2", "third");
    assertThat(rotate("first", "s9", "else")).isEqualTo(new Rotation.Reused(grant));
    assertEnded();
  }

  private void assertEnded() {
    assertThat(holds()).isFalse();
    for (String token : List.of("first", "second", "third")) {
      assertThat(rotate(token, "s8", "x" + token)).isEqualTo(new Rotation.Refused());
    }
  }

  @Test
  void of_a_hundred_trades_of_one_token_one_makes_the_successor() {
    List<Future<Rotation>> asked =
        IntStream.range(0, 100)
            .mapToObj(n -> grants.rotate("first", "s" + n, "successor" + n))
            .toList();
    List<Rotation> answers = asked.stream().map(Await::await).toList();
    assertThat(answers).filteredOn(Rotation.Rotated.class::isInstance).hasSize(1);
    assertThat(answers).filteredOn(Rotation.Repeated.class::isInstance).hasSize(99);
    assertThat(answers.stream().filter(Rotation.Repeated.class::isInstance).distinct()).hasSize(1);
  }

  @Test
  void what_is_unknown_is_refused() {
    assertThat(rotate("nonsense", "s", "x")).isEqualTo(new Rotation.Refused());
    assertThat(await(grants.holds("nobody", "t1"))).isFalse();
    assertThat(await(grants.revoke("nonsense"))).isEmpty();
  }

  @Test
  void a_token_that_was_left_idle_is_worth_nothing_but_its_grant_holds() {
    it.pass(IDLE.plusSeconds(1));
    assertThat(rotate("first", "s1", "second")).isEqualTo(new Rotation.Refused());
    assertThat(holds()).isTrue();
  }

  @Test
  void a_grant_ends_in_time_however_it_is_used() {
    String token = "first";
    for (int hour = 0; hour < 11; hour++) {
      it.pass(Duration.ofMinutes(59));
      String next = "token" + hour;
      Rotation answer = rotate(token, "s" + hour, next);
      if (hour < 10) {
        assertThat(answer).as("hour %s", hour).isEqualTo(new Rotation.Rotated(grant));
      } else {
        assertThat(answer).isEqualTo(new Rotation.Refused());
      }
      token = next;
    }
    assertThat(holds()).isFalse();
  }

  @Test
  void a_revoked_grant_has_ended() {
    rotate("first", "s1", "second");
    assertThat(await(grants.revoke("first"))).contains(grant);
    assertThat(await(grants.revoke("second"))).isEmpty();
    assertEnded();
  }

  @Test
  void the_grant_of_a_token_is_found_traded_or_not_until_it_ends() {
    assertThat(await(grants.find("first"))).contains(grant);
    assertThat(rotate("first", "s1", "second")).as("found is not spent").isInstanceOf(ROTATED);
    assertThat(await(grants.find("first"))).contains(grant);
    assertThat(await(grants.find("second"))).contains(grant);
    assertThat(await(grants.find("nonsense"))).isEmpty();
    await(grants.revoke("first"));
    assertThat(await(grants.find("second"))).isEmpty();
  }

  @Test
  void with_one_grant_too_many_the_oldest_of_its_key_ends_and_no_other() {
    await(grants.open(of("other", "key2"), "others"));
    await(grants.open(of("g2", "key1"), "second"));
    await(grants.open(of("ended", "key1"), "third"));
    await(grants.revoke("third"));
    List<Future<Void>> opened =
        IntStream.range(0, Grants.OPEN_PER_KEY_MAX - 1)
            .mapToObj(n -> grants.open(of("more" + n, "key1"), "token" + n))
            .toList();
    opened.forEach(Await::await);
    assertThat(holds()).as("the oldest").isFalse();
    assertThat(await(grants.find("first"))).isEmpty();
    assertThat(rotate("first", "s", "x")).isEqualTo(new Rotation.Refused());
    for (String id : List.of("other", "g2", "more0", "more998")) {
      assertThat(await(grants.holds(id, "t1"))).as(id).isTrue();
    }
  }

  @Test
  void of_the_tokens_of_a_grant_the_latest_are_known() {
    String token = "first";
    for (int n = 1; n <= Grants.TOKENS_MAX; n++) {
      assertThat(rotate(token, "s" + n, "token" + n)).isInstanceOf(ROTATED);
      token = "token" + n;
    }
    assertThat(rotate("first", "s", "x")).as("forgotten").isEqualTo(new Rotation.Refused());
    assertThat(holds()).isTrue();
    assertThat(rotate("token1", "s", "x")).as("known").isEqualTo(new Rotation.Reused(grant));
    assertThat(holds()).isFalse();
  }

  private Grant of(String id, String keyId) {
    return new Grant(
        id, "acme", keyId, Set.of("batch"), Optional.empty(), it.now(), it.now().plus(LIFE), IDLE);
  }

  @Test
  void one_access_token_can_end_before_its_time() {
    await(grants.deny("t1", it.now().plusSeconds(900)));
    assertThat(holds()).isFalse();
    assertThat(await(grants.holds("g1", "t2"))).isTrue();
  }
}

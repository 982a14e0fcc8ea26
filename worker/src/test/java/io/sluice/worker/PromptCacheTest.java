package io.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Conversation;
import io.sluice.Jobs;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PromptCacheTest {
  private static final Duration LIFE = Duration.ofMinutes(30);
  private static final Conversation A = new Conversation(Jobs.POOL, "t", "a");
  private static final Conversation B = new Conversation(Jobs.POOL, "t", "b");
  private static final Conversation C = new Conversation(Jobs.POOL, "t", "c");

  private long nanos;

  private PromptCache cache(long tokens, int conversations) {
    return new PromptCache(new PromptCache.Bounds(tokens, conversations, LIFE), () -> nanos);
  }

  @Test
  void the_one_that_was_served_longest_ago_goes_first_when_the_tokens_are_too_many() {
    PromptCache cache = cache(1000, 10);
    cache.served(A, 400);
    cache.served(B, 400);
    cache.served(A, 450);
    cache.served(C, 400);
    assertThat(cache.tokens(A)).isEqualTo(450);
    assertThat(cache.tokens(B)).isZero();
    assertThat(cache.tokens(C)).isEqualTo(400);
    cache.served(B, 550);
    assertThat(cache.tokens(A)).isZero();
    assertThat(cache.tokens(C)).isEqualTo(400);
  }

  @Test
  void no_more_conversations_are_remembered_than_may_be() {
    PromptCache cache = cache(1000, 2);
    cache.served(A, 1);
    cache.served(B, 1);
    cache.served(C, 1);
    assertThat(cache.tokens(A)).isZero();
    assertThat(cache.tokens(B) + cache.tokens(C)).isEqualTo(2);
  }

  @Test
  void one_that_is_larger_than_the_cache_is_not_in_it() {
    PromptCache cache = cache(1000, 2);
    cache.served(A, 1001);
    cache.served(B, 1000);
    assertThat(cache.tokens(A)).isZero();
    assertThat(cache.tokens(B)).isEqualTo(1000);
  }

  @Test
  void a_conversation_is_forgotten_after_its_life_and_with_the_cache() {
    PromptCache cache = cache(1000, 2);
    cache.served(A, 10);
    nanos = LIFE.toNanos();
    assertThat(cache.tokens(A)).isEqualTo(10);
    nanos++;
    assertThat(cache.tokens(A)).isZero();
    cache.served(B, 10);
    cache.clear();
    assertThat(cache.tokens(B)).isZero();
  }

  @Test
  void sessions_of_two_tenants_or_pools_are_two_conversations() {
    PromptCache cache = cache(1000, 2);
    cache.served(A, 10);
    assertThat(cache.tokens(new Conversation(Jobs.POOL, "u", "a"))).isZero();
    assertThat(cache.tokens(new Conversation(io.sluice.Pool.parse("m:1b"), "t", "a"))).isZero();
  }
}

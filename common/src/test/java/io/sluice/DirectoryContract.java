package io.sluice;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Directory} keeps. */
public abstract class DirectoryContract {
  /** A directory under test, empty but for what other tests left. */
  public interface Fixture extends AutoCloseable {
    Directory directory();

    /** The same directory as another process sees it. */
    Directory elsewhere();

    @Override
    void close();
  }

  private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MILLIS);

  private Fixture fixture;
  private Directory directory;

  protected abstract Fixture open();

  @BeforeEach
  void openDirectory() {
    fixture = open();
    directory = fixture.directory();
  }

  @AfterEach
  void closeDirectory() {
    fixture.close();
  }

  private static ApiKey key(Instant createdAt) {
    String id = UUID.randomUUID().toString().replace("-", "");
    return ApiKey.of(id, "tenant-" + id, id + id, Set.of("ollama:chat", "admin"), createdAt);
  }

  private ApiKey added() {
    ApiKey key = key(NOW);
    await(directory.add(key));
    return key;
  }

  @Test
  void a_key_is_found_as_it_was_added() {
    ApiKey key = added();
    ApiKey bare = ApiKey.of("k" + key.id(), "t", "00", Set.of(), NOW);
    await(directory.add(bare));

    assertThat(await(directory.key(key.id()))).contains(key);
    assertThat(await(directory.key(bare.id()))).contains(bare);
    assertThat(await(directory.key(UUID.randomUUID().toString()))).isEmpty();
  }

  @Test
  void a_key_keeps_where_it_works_and_until_when() {
    ApiKey bound = key(NOW).from(List.of("10.0.0.0/8", "2001:db8::/32")).until(NOW.plusSeconds(60));
    ApiKey nowhere = key(NOW).from(List.of());
    await(directory.add(bound));
    await(directory.add(nowhere));
    assertThat(await(directory.key(bound.id()))).contains(bound);
    assertThat(await(directory.key(nowhere.id()))).contains(nowhere);
    assertThat(await(fixture.elsewhere().keys())).contains(bound, nowhere);
  }

  @Test
  void the_last_use_of_a_key_is_kept_and_never_goes_back() {
    ApiKey key = added();
    ApiKey.LastUse first = new ApiKey.LastUse(NOW, "10.1.2.3");
    ApiKey.LastUse last = new ApiKey.LastUse(NOW.plusSeconds(60), "2001:db8::1");
    await(directory.used(Map.of(key.id(), last, "nobody", last)));
    await(directory.used(Map.of(key.id(), first)));
    assertThat(await(fixture.elsewhere().key(key.id()))).contains(key.used(last));
    assertThat(await(directory.key("nobody"))).isEmpty();
  }

  @Test
  void an_id_is_given_once() {
    ApiKey key = added();
    ApiKey other = ApiKey.of(key.id(), "other", "ff", Set.of("admin"), NOW);

    assertThatThrownBy(() -> await(directory.add(other)))
        .isInstanceOf(IllegalArgumentException.class);

    assertThat(await(directory.key(key.id()))).contains(key);
  }

  @Test
  void keys_are_listed_oldest_first() {
    ApiKey young = key(NOW.plusSeconds(60));
    ApiKey old = key(NOW.minusSeconds(60));
    ApiKey middle = key(NOW);
    await(directory.add(young));
    await(directory.add(old));
    await(directory.add(middle));

    assertThat(await(directory.keys())).containsSubsequence(old, middle, young);
  }

  @Test
  void a_key_is_revoked_once_and_for_good() {
    ApiKey key = added();
    Instant at = NOW.plusSeconds(5);

    assertThat(await(directory.revoke(key.id(), at))).isTrue();
    assertThat(await(directory.revoke(key.id(), at.plusSeconds(1)))).isFalse();

    assertThat(await(directory.key(key.id()))).flatMap(ApiKey::revokedAt).contains(at);
    assertThat(await(directory.keys()))
        .filteredOn(one -> one.id().equals(key.id()))
        .singleElement()
        .satisfies(one -> assertThat(one.revokedAt()).contains(at));
  }

  @Test
  void an_unknown_key_is_not_revoked() {
    String id = UUID.randomUUID().toString();
    assertThat(await(directory.revoke(id, NOW))).isFalse();
    assertThat(await(directory.key(id))).isEmpty();
  }

  @Test
  void a_change_is_seen_elsewhere() {
    Directory elsewhere = fixture.elsewhere();
    ApiKey key = key(NOW);
    assertThat(await(elsewhere.key(key.id()))).isEmpty();

    await(directory.add(key));
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(await(elsewhere.key(key.id()))).contains(key));

    await(directory.revoke(key.id(), NOW));
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () ->
                assertThat(await(elsewhere.key(key.id())))
                    .flatMap(ApiKey::revokedAt)
                    .contains(NOW));
  }
}

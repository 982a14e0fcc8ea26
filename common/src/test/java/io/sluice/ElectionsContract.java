package io.sluice;

import static io.sluice.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Elections} keeps. */
public abstract class ElectionsContract {
  /** Elections under test. */
  public interface Fixture extends AutoCloseable {
    Elections elections();

    @Override
    void close();
  }

  protected static final Duration LONG = Duration.ofMinutes(5);
  protected final String office = "office " + UUID.randomUUID();
  protected Elections elections;
  private Fixture fixture;

  protected abstract Fixture open();

  @BeforeEach
  void openElections() {
    fixture = open();
    elections = fixture.elections();
  }

  @AfterEach
  void closeElections() {
    fixture.close();
  }

  @Test
  void whoever_stands_alone_is_elected_and_elected_again() {
    assertThat(await(elections.stand(office, "a", LONG))).isTrue();
    assertThat(await(elections.stand(office, "a", LONG))).isTrue();
  }

  @Test
  void an_office_that_was_given_up_is_free() {
    await(elections.stand(office, "a", LONG));
    await(elections.resign(office, "a"));
    await(elections.resign(office, "a"));
    assertThat(await(elections.stand(office, "b", LONG))).isTrue();
  }
}

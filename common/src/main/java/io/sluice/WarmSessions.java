package io.sluice;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/**
 * Which worker of a fleet has which conversation in its engine's cache. A hint: what it forgets
 * costs the time to read a prompt anew, and nothing else.
 */
public interface WarmSessions {
  /** How long a conversation is remembered after its last turn. */
  Duration LIFE = Duration.ofMinutes(30);

  /** A worker has so many tokens of a conversation in its cache, and any other one fewer. */
  Future<Void> served(Conversation conversation, String worker, int tokens);

  /** Who served it last, if that worker is {@link WarmLanes#present present} with a lane. */
  Future<Optional<Host>> find(Conversation conversation);

  /**
   * Who is warm.
   *
   * @param lane the number of its {@link Lane.Warm}
   * @param tokens of the conversation in its cache
   * @param expectedWait for a slot there, if that is known
   */
  record Host(String worker, int lane, int tokens, Optional<Duration> expectedWait) {}
}

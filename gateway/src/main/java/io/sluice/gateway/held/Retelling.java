package io.sluice.gateway.held;

import io.sluice.JobEvent;
import io.sluice.LoggedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a client was told of an answer, so that it can be told the rest when another attempt begins
 * anew: whatever that one repeats is passed over, and what comes after it is new. Used by the event
 * loop of the request only.
 */
final class Retelling {
  /** Of what is longer the rest cannot be told: so much is kept for each client at most. */
  private static final int CHARS_MOST = 64 * 1024;

  private final boolean possible;
  private final StringBuilder told = new StringBuilder();
  private boolean plain = true;
  private int repeated;
  private boolean again;

  /**
   * @param possible whether there ever is a second attempt whose answer is told
   */
  Retelling(boolean possible) {
    this.possible = possible;
  }

  /**
   * Another attempt begins.
   *
   * @return whether its answer can be told to who was told this much
   */
  boolean begins() {
    again = true;
    repeated = 0;
    return possible && plain && told.length() <= CHARS_MOST;
  }

  /** Whether the attempt has not yet repeated all that was told. */
  boolean isBehind() {
    return again && repeated < told.length();
  }

  /**
   * What of these the client was not told.
   *
   * @return empty where they say something else than it was told
   */
  Optional<List<LoggedEvent>> news(List<LoggedEvent> events) {
    List<LoggedEvent> news = new ArrayList<>();
    for (LoggedEvent logged : events) {
      if (!isBehind()) {
        remember(logged.event());
        news.add(logged);
      } else if (!repeats(logged, news)) {
        return Optional.empty();
      }
    }
    return Optional.of(news);
  }

  /** Whether it says what was told; what is beyond that is news. */
  private boolean repeats(LoggedEvent logged, List<LoggedEvent> news) {
    return switch (logged.event()) {
      case JobEvent.Token(String text, Optional<String> logprobs) -> {
        int known = Math.min(text.length(), told.length() - repeated);
        boolean cut = known < text.length();
        if (cut && logprobs.isPresent() || !isNext(text.substring(0, known))) {
          yield false;
        }
        repeated += known;
        if (cut) {
          JobEvent rest = new JobEvent.Token(text.substring(known));
          remember(rest);
          news.add(new LoggedEvent(logged.position(), rest));
        }
        yield true;
      }
      case JobEvent.Thinking thinking -> false;
      case JobEvent.ToolCall call -> false;
      case JobEvent.Start start -> news.add(logged);
      case JobEvent.Reset reset -> news.add(logged);
      case JobEvent.End end -> news.add(logged);
    };
  }

  private boolean isNext(String text) {
    return told.substring(repeated, repeated + text.length()).equals(text);
  }

  private void remember(JobEvent event) {
    if (event instanceof JobEvent.Token token) {
      if (possible && told.length() <= CHARS_MOST) {
        told.append(token.text());
        repeated = told.length();
      }
    } else if (event instanceof JobEvent.Thinking || event instanceof JobEvent.ToolCall) {
      plain = false;
    }
  }
}

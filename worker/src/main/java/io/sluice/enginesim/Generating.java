package io.sluice.enginesim;

import io.sluice.codec.Json;
import java.io.IOException;
import java.time.Duration;

/**
 * One generation in its slot: reads the prompt, speaks token by token, and breaks where told to.
 */
final class Generating {
  private static final int LONG_LINE_CHARS = 9 * 1024 * 1024;
  private static final int ERROR_AFTER_TOKENS = 3;

  private final Exchange exchange;
  private final Ask ask;
  private final Runner runner;
  private final Faults.Drawn faults;
  private final SimConfig config;
  private final Pace pace;
  private final Answer answer;
  private final Turn.Place place;
  private final Tally tally;
  private final Speech speech;
  private final Runnable release;
  private final StringBuilder spoken = new StringBuilder();
  private int tokens;

  /**
   * @param release frees the slot: called before the client can know that the answer ended
   */
  Generating(Turn turn, Answer answer, Turn.Place place, Tally tally, Runnable release) {
    this.exchange = turn.exchange();
    this.ask = turn.ask();
    this.runner = turn.runner();
    this.faults = turn.faults();
    this.config = turn.config();
    this.pace = turn.pace();
    this.release =
        () -> {
          place.keep().accept(ask.text() + Ask.said("assistant", spoken.toString()));
          release.run();
        };
    this.answer = answer;
    this.place = place;
    this.tally = tally;
    this.speech = Speech.of(ask, runner.model(), faults, config);
  }

  /** How a generation ended. */
  record Outcome(boolean done, int tokens) {}

  Outcome run(long loadNanos) throws IOException, ClientLeft {
    long begun = System.nanoTime();
    prefill();
    long prefilled = System.nanoTime();
    String reason = speak();
    if (reason.isEmpty()) {
      return new Outcome(false, tokens);
    }
    if (speech.call() != null) {
      answer.call(speech.call());
      tokens += SimText.count(Json.write(speech.call()));
    }
    long now = System.nanoTime();
    Answer.Metrics metrics =
        faults.has(FaultKind.EMPTY_METRICS)
            ? new Answer.Metrics(0, 0, 0, 0, 0, 0)
            : new Answer.Metrics(
                loadNanos + now - begun,
                loadNanos,
                readTokens(),
                prefilled - begun,
                tokens,
                now - prefilled);
    release.run();
    answer.done(faults.text(FaultKind.DONE_REASON, reason), metrics);
    return new Outcome(true, tokens);
  }

  private void prefill() throws IOException, ClientLeft {
    if (faults.has(FaultKind.CUT)) {
      exchange.cutCharacters();
    }
    int unknown = readTokens() - cachedTokens();
    tally.readTokens.add(unknown);
    tally.cachedTokens.add(readTokens() - unknown);
    pace.read(unknown);
    pace.stallFirst();
  }

  /**
   * @return the done_reason; empty where it broke
   */
  private String speak() throws IOException, ClientLeft {
    Duration perToken = pace.millis(FaultKind.DELAY, config.timing().perToken());
    boolean endless = faults.has(FaultKind.ENDLESS);
    while (true) {
      if (breaks()) {
        return "";
      }
      boolean repeats = tokens >= faults.number(FaultKind.REPEAT_AFTER, Integer.MAX_VALUE);
      if (!endless && !repeats && tokens >= limit()) {
        return "length";
      }
      if (!endless && !repeats && speech.endsBefore(tokens)) {
        return "stop";
      }
      pace.pause(config.timing().curve().slowed(perToken, runner.answering()));
      say(repeats);
      if (!perToken.isZero()) {
        answer.flush();
      }
    }
  }

  private void say(boolean repeats) throws IOException {
    if (repeats) {
      answer.text(" again");
    } else if (speech.isThought(tokens)) {
      answer.thinking(speech.nextThought());
    } else {
      String word = speech.nextWord();
      spoken.append(word);
      answer.text(word);
    }
    tokens++;
  }

  /** Whether a fault strikes now that ends the generation. */
  private boolean breaks() throws IOException, ClientLeft {
    if (faults.strikes(FaultKind.HANG_AFTER, tokens)
        || faults.strikes(FaultKind.STUCK_AFTER, tokens)) {
      answer.flush();
      runner.hang(faults.has(FaultKind.STUCK_AFTER));
      pace.pause(Duration.ZERO);
    }
    if (faults.strikes(FaultKind.STALL_AFTER, tokens)) {
      answer.begin();
      answer.flush();
      pace.pause(Pace.FOR_EVER);
    }
    if (faults.strikes(FaultKind.GARBAGE_AFTER, tokens)) {
      answer.raw("<<< not json \u0001 >>>");
    }
    if (faults.strikes(FaultKind.LONG_LINE_AFTER, tokens)) {
      answer.raw("x".repeat(LONG_LINE_CHARS));
    }
    if (faults.strikes(FaultKind.EOF_AFTER, tokens)) {
      release.run();
      answer.endEarly();
      return true;
    }
    if (faults.strikes(FaultKind.RESET_AFTER, tokens)) {
      answer.begin();
      release.run();
      exchange.reset();
      return true;
    }
    if (errorAfter() == tokens) {
      release.run();
      answer.error(faults.text(FaultKind.ERROR, "crash"));
      return true;
    }
    return false;
  }

  private int errorAfter() {
    int alone = faults.has(FaultKind.ERROR) ? ERROR_AFTER_TOKENS : -1;
    return faults.number(FaultKind.ERROR_AFTER, alone);
  }

  private int limit() {
    int context = runner.settings().contextTokens();
    int asked = ask.options().path("num_predict").asInt(-1);
    int most = asked > 0 ? asked : 10 * context;
    return runner.settings().shift() ? most : Math.min(most, context - readTokens());
  }

  /** Without truncate:false an overlong prompt is silently cut to half the context. */
  private int readTokens() {
    int context = runner.settings().contextTokens();
    return ask.promptTokens() > context ? context / 2 + 2 : ask.promptTokens();
  }

  /** The last one is always read, as in llama-server. */
  private int cachedTokens() {
    String known = ask.text().substring(0, place.known().applyAsInt(ask.text()));
    return Math.max(0, Math.min(SimText.count(known), readTokens() - 1));
  }
}

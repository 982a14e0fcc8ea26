package io.sluice.enginesim;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.codec.Json;
import java.io.IOException;
import java.time.Duration;

/** Inputs that have their place at a loaded model: reads them, and answers or breaks at once. */
record EmbedTurn(Pace pace, EmbedAsk ask, Answer answer) {
  private static final int TOKENS_AT_ONCE = 64;

  /** How a protocol tells of vectors, and of errors. */
  interface Answer {
    /**
     * @param tokens that were read; 0 where a fault keeps them secret
     */
    JsonNode vectors(int tokens);

    void error(String name) throws IOException;
  }

  /**
   * @param free gives the place back
   * @return whether it went well
   */
  boolean run(Tally tally, Runnable free) throws IOException, ClientLeft {
    Faults.Drawn faults = pace.faults();
    if (faults.has(FaultKind.HANG_AFTER) || faults.has(FaultKind.STUCK_AFTER)) {
      pace.runner().hang(faults.has(FaultKind.STUCK_AFTER));
    }
    int tokens = ask.tokens(pace.runner().settings().contextTokens());
    for (int read = 0; read < tokens; read += TOKENS_AT_ONCE) {
      pace.read(Math.min(TOKENS_AT_ONCE, tokens - read));
    }
    tally.readTokens.add(tokens);
    pace.stallFirst();
    if (faults.has(FaultKind.STALL_AFTER)) {
      pace.pause(Pace.FOR_EVER);
    }
    pace.pause(Duration.ZERO);
    free.run();
    return answered(faults.has(FaultKind.EMPTY_METRICS) ? 0 : tokens);
  }

  private boolean answered(int tokens) throws IOException, ClientLeft {
    Exchange exchange = pace.exchange();
    Faults.Drawn faults = pace.faults();
    String body = Json.write(answer.vectors(tokens));
    if (faults.has(FaultKind.ERROR) || faults.has(FaultKind.ERROR_AFTER)) {
      answer.error(faults.text(FaultKind.ERROR, "crash"));
    } else if (faults.has(FaultKind.GARBAGE_AFTER)) {
      exchange.whole(200, "application/json", "<<< not json >>>");
    } else if (faults.has(FaultKind.EOF_AFTER)) {
      exchange.whole(200, "application/json", half(body));
    } else if (faults.has(FaultKind.RESET_AFTER)) {
      exchange.startStream("application/json");
      exchange.line(half(body));
      exchange.reset();
    } else {
      exchange.whole(200, "application/json; charset=utf-8", body);
      return true;
    }
    return false;
  }

  /** Cut between two numbers. */
  private static String half(String body) {
    return body.substring(0, body.lastIndexOf(',', body.length() / 2) + 1);
  }
}

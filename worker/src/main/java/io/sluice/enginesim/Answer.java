package io.sluice.enginesim;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** Writes an answer in the words of one protocol: a stream, or one object at the end. */
interface Answer {
  /** Times and counts of a whole answer, in nanoseconds and tokens. */
  record Metrics(
      long total, long load, int prompt, long promptTime, int generated, long generatingTime) {}

  /** Begins the stream, if there is one and it has not begun. */
  void begin() throws IOException;

  void text(String token) throws IOException;

  void thinking(String token) throws IOException;

  /** A call as Ollama writes it; told in parts where the protocol does that. */
  void call(ObjectNode call) throws IOException;

  void done(String reason, Metrics metrics) throws IOException;

  /** Ends without saying so, as after thirty equal tokens. */
  void endEarly() throws IOException;

  /**
   * @param name of an error; a crash if there is none of that name
   */
  void error(String name) throws IOException;

  /** What no server would write: garbage, or a line of one letter that never seems to end. */
  void raw(String text) throws IOException;

  /** Makes the client see what was written. */
  void flush() throws IOException;
}

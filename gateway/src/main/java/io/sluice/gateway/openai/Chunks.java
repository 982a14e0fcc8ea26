package io.sluice.gateway.openai;

import io.sluice.Ending;

/**
 * A streamed answer, piece by piece: each is the text of one or more server-sent events, without
 * {@code id} lines, since openai-python takes a comment after one for an empty event. Of one
 * answer; not safe for several threads.
 */
interface Chunks {
  /**
   * Both SDKs pass over it: openai-python {@code _streaming.py}, openai-node {@code streaming.js}.
   */
  String HEARTBEAT = ":\n\n";

  String DONE = "data: [DONE]\n\n";

  /** What stands before the first piece. */
  String begin();

  String text(String piece);

  String thinking(String piece);

  /**
   * @param json as the engine sent it
   */
  String call(String json);

  /** The end of a good answer: reason, usage where it was asked for, and {@link #DONE}. */
  String end(Ending ending);

  /** The end of a bad one. Both SDKs raise what they find under {@code error}; no more follows. */
  static String failed(OpenAiError error) {
    return "data: " + error.json() + "\n\n";
  }
}

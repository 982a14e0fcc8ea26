package io.sluice.gateway.openai;

import io.sluice.Ending;
import io.sluice.JobEvent;

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

  String text(JobEvent.Token piece);

  String thinking(JobEvent.Thinking piece);

  String call(JobEvent.ToolCall call);

  /** The end of a good answer: reason, usage where it was asked for, and {@link #DONE}. */
  String end(Ending ending);
}

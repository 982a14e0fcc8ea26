package io.sluice.gateway.openai;

import io.sluice.Ending;

/** Why an answer ended, in OpenAI's words. */
final class FinishReason {
  private FinishReason() {}

  static String of(Ending ending) {
    return switch (ending) {
      case Ending.Incomplete incomplete -> "length";
      case Ending other when !other.output().toolCalls().isEmpty() -> "tool_calls";
      case Ending other -> "stop";
    };
  }
}

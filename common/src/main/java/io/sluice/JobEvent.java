package io.sluice;

import java.util.Optional;

/** What a reader of a running job learns, in order: a closed choice. */
public sealed interface JobEvent {
  /** The first attempt began. */
  record Start(int attempt) implements JobEvent {}

  /** A new attempt began: whatever was read before it is void. */
  record Reset(int attempt, String reason) implements JobEvent {}

  /**
   * A piece of the answer; one event may carry several tokens. Its text is empty only where there
   * are probabilities of tokens that made none, such as those of a tool's call.
   *
   * @param logprobs those of its tokens, where they were asked for: a JSON array as {@link
   *     Output#logprobs} has it
   */
  record Token(String text, Optional<String> logprobs) implements JobEvent {
    public Token(String text) {
      this(text, Optional.empty());
    }
  }

  /** A piece of the model's thinking; its parts are those of a {@link Token}. */
  record Thinking(String text, Optional<String> logprobs) implements JobEvent {
    public Thinking(String text) {
      this(text, Optional.empty());
    }
  }

  /** A whole call of a tool, as the JSON object that the engine sent. */
  record ToolCall(String json) implements JobEvent {}

  /** The last event of every job. The finished job itself is in the store. */
  record End(JobState state) implements JobEvent {}
}

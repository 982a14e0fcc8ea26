package io.sluice;

/** What a reader of a running job learns, in order: a closed choice. */
public sealed interface JobEvent {
  /** The first attempt began. */
  record Start(int attempt) implements JobEvent {}

  /** A new attempt began: whatever was read before it is void. */
  record Reset(int attempt, String reason) implements JobEvent {}

  /** A piece of the answer; one event may carry several tokens. Never empty. */
  record Token(String text) implements JobEvent {}

  /** A piece of the model's thinking. Never empty. */
  record Thinking(String text) implements JobEvent {}

  /** A whole call of a tool, as the JSON object that the engine sent. */
  record ToolCall(String json) implements JobEvent {}

  /** The last event of every job. The finished job itself is in the store. */
  record End(JobState state) implements JobEvent {}
}

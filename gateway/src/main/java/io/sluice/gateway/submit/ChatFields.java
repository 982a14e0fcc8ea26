package io.sluice.gateway.submit;

import java.util.List;
import java.util.Set;

/** The model server's fields of a chat: messages and tools, checked to the leaves. */
final class ChatFields {
  static final Set<String> NAMES =
      Set.of("messages", "tools", "format", "think", "options", "logprobs", "top_logprobs");

  private static final int MESSAGES_MAX = 1_000;
  private static final int TOOLS_MAX = 128;
  private static final int CALLS_MAX = 128;
  private static final int IMAGES_MAX = 16;
  private static final int NAME_CHARS_MAX = 256;

  private ChatFields() {}

  static void check(Fields request) {
    request
        .any("messages")
        .filter(list -> list.isArray() && list.isEmpty())
        .ifPresent(empty -> request.fault("messages", "It must not be empty."));
    request.objects("messages", MESSAGES_MAX, (index, message) -> message(message));
    request.objects("tools", TOOLS_MAX, (index, tool) -> tool(tool));
  }

  private static void message(Fields message) {
    message.allowOnly(
        Set.of("role", "content", "thinking", "images", "tool_calls", "tool_name", "tool_call_id"));
    message.check(message.has("role"), "role", "It is missing.");
    message.oneOf("role", List.of("system", "user", "assistant", "tool"));
    message.check(
        message.has("content") || message.has("tool_calls") || message.has("images"),
        "content",
        "It is missing.");
    message.text("content", 0, Integer.MAX_VALUE);
    message.text("thinking", 0, Integer.MAX_VALUE);
    message.text("tool_name", 0, NAME_CHARS_MAX);
    message.text("tool_call_id", 0, NAME_CHARS_MAX);
    message.strings("images", IMAGES_MAX, Integer.MAX_VALUE);
    message.objects("tool_calls", CALLS_MAX, (index, call) -> call(call));
  }

  private static void call(Fields call) {
    call.allowOnly(Set.of("id", "type", "function"));
    call.text("id", 0, NAME_CHARS_MAX);
    call.oneOf("type", List.of("function"));
    call.check(call.has("function"), "function", "It is missing.");
    call.object("function")
        .ifPresent(
            function -> {
              function.allowOnly(Set.of("index", "name", "arguments"));
              function.integer("index", 0, CALLS_MAX);
              function.check(function.has("name"), "name", "It is missing.");
              function.text("name", 1, NAME_CHARS_MAX);
              function.object("arguments");
            });
  }

  private static void tool(Fields tool) {
    tool.allowOnly(Set.of("type", "function"));
    tool.oneOf("type", List.of("function"));
    tool.check(tool.has("function"), "function", "It is missing.");
    tool.object("function")
        .ifPresent(
            function -> {
              function.allowOnly(Set.of("name", "description", "parameters"));
              function.check(function.has("name"), "name", "It is missing.");
              function.text("name", 1, NAME_CHARS_MAX);
              function.text("description", 0, Integer.MAX_VALUE);
              function.object("parameters");
            });
  }
}

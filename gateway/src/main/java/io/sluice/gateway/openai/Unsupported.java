package io.sluice.gateway.openai;

import io.sluice.gateway.problem.OpenAiMembers;
import io.sluice.gateway.problem.Refusal;
import io.sluice.gateway.submit.Fields;

/** Refusals of what OpenAI knows and this gateway cannot do, and of what OpenAI does not know. */
final class Unsupported {
  private static final int NAME_CHARS_MAX = 64;

  private Unsupported() {}

  /** A value without which the answer would be another one. */
  static Refusal value(String param, String detail) {
    return OpenAiMembers.refusal(param, "unsupported_value", detail);
  }

  static Refusal value(Fields fields, String name, String detail) {
    return value(at(fields, name), detail);
  }

  static Refusal parameter(String param, String detail) {
    return OpenAiMembers.refusal(param, "unsupported_parameter", detail);
  }

  static Refusal parameter(Fields fields, String name, String detail) {
    return parameter(at(fields, name), detail);
  }

  static Refusal unknown(String param) {
    String name =
        param.length() > NAME_CHARS_MAX ? param.substring(0, NAME_CHARS_MAX) + "…" : param;
    return OpenAiMembers.refusal(
        name, "unknown_parameter", "There is no parameter '" + name + "'.");
  }

  private static String at(Fields fields, String name) {
    return OpenAiMembers.place(fields.pointer() + "/" + name);
  }
}

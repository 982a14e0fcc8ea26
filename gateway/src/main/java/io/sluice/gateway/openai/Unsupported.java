package io.sluice.gateway.openai;

import io.sluice.codec.Json;
import io.sluice.gateway.problem.ProblemCode;
import io.sluice.gateway.problem.Refusal;

/** Refusals of what OpenAI knows and this gateway cannot do, and of what OpenAI does not know. */
final class Unsupported {
  /** The members of the problem from which the error is made. */
  static final String PARAM = "param";

  static final String CODE = "openai_code";

  private static final int NAME_CHARS_MAX = 64;

  private Unsupported() {}

  /** A parameter, or a value of it, without which the answer would be another one. */
  static Refusal value(String param, String detail) {
    return refusal(param, "unsupported_value", detail);
  }

  static Refusal parameter(String param, String detail) {
    return refusal(param, "unsupported_parameter", detail);
  }

  static Refusal unknown(String param) {
    return refusal(cut(param), "unknown_parameter", "Unknown parameter: '" + cut(param) + "'.");
  }

  private static Refusal refusal(String param, String code, String detail) {
    return ProblemCode.INVALID_REQUEST
        .with(detail)
        .member(PARAM, Json.MAPPER.getNodeFactory().textNode(param))
        .member(CODE, Json.MAPPER.getNodeFactory().textNode(code))
        .refusal();
  }

  private static String cut(String name) {
    return name.length() > NAME_CHARS_MAX ? name.substring(0, NAME_CHARS_MAX) + "…" : name;
  }
}

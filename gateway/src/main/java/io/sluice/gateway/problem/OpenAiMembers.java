package io.sluice.gateway.problem;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.regex.Pattern;

/** What OpenAI's surfaces say in a problem so that it is told in OpenAI's terms. */
public final class OpenAiMembers {
  static final String PARAM = "param";
  static final String CODE = "openai_code";

  private static final Pattern NUMBER = Pattern.compile("/([0-9]+)(?=/|$)");

  private OpenAiMembers() {}

  /** A request that is not valid because of one parameter. */
  public static Refusal refusal(String param, String code, String detail) {
    return withParam(ProblemCode.INVALID_REQUEST.with(detail), param)
        .member(CODE, TextNode.valueOf(code))
        .refusal();
  }

  /** A problem that is told as the fault of a parameter. */
  public static Problem withParam(Problem problem, String param) {
    return problem.member(PARAM, TextNode.valueOf(param));
  }

  /** A JSON pointer (RFC 6901) as OpenAI writes it: {@code messages[0].content}. */
  public static String place(String pointer) {
    String path = NUMBER.matcher(pointer).replaceAll("[$1]").replace('/', '.');
    String plain = path.startsWith(".") ? path.substring(1) : path;
    return plain.replace("~1", "/").replace("~0", "~");
  }
}

package io.sluice.gateway.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.sluice.codec.Json;
import io.sluice.gateway.problem.OpenAiMembers;
import io.sluice.gateway.problem.Problem;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells what is wrong with a chat by the names of the request for a response that it was made of.
 *
 * @param places where in the request each message of the chat came from
 */
record Names(List<String> places) implements UnaryOperator<Problem> {
  private static final Pattern MESSAGE = Pattern.compile("/messages/([0-9]{1,6})(.*)");
  private static final Pattern TOOL = Pattern.compile("(/tools/[0-9]+)/function(/.*)?");
  private static final Pattern INDEX = Pattern.compile("\\[([0-9]+)]");

  /** By the beginnings of their places, the longer first. */
  private static final List<Map.Entry<String, String>> OTHERS =
      List.of(
          Map.entry("/messages", "/input"),
          Map.entry("/max_completion_tokens", "/max_output_tokens"),
          Map.entry("/response_format/json_schema", "/text/format"),
          Map.entry("/response_format", "/text/format"),
          Map.entry("/reasoning_effort", "/reasoning/effort"),
          Map.entry("/verbosity", "/text/verbosity"));

  @Override
  public Problem apply(Problem problem) {
    Problem told = problem;
    JsonNode errors = problem.members().get("errors");
    if (errors != null) {
      ArrayNode renamed = Json.MAPPER.createArrayNode();
      for (JsonNode error : errors) {
        renamed
            .addObject()
            .put("pointer", place(error.path("pointer").asText()))
            .put("detail", error.path("detail").asText());
      }
      told = told.member("errors", renamed);
    }
    JsonNode param = problem.members().get("param");
    return param == null
        ? told
        : OpenAiMembers.withParam(told, OpenAiMembers.place(place(pointer(param.asText()))));
  }

  private String place(String pointer) {
    Matcher message = MESSAGE.matcher(pointer);
    if (message.matches() && Integer.parseInt(message.group(1)) < places.size()) {
      String place = places.get(Integer.parseInt(message.group(1)));
      return place.startsWith("/input/") ? place + inItem(message.group(2)) : place;
    }
    Matcher tool = TOOL.matcher(pointer);
    if (tool.matches()) {
      return tool.group(1) + (tool.group(2) == null ? "" : tool.group(2));
    }
    return OTHERS.stream()
        .filter(it -> pointer.equals(it.getKey()) || pointer.startsWith(it.getKey() + "/"))
        .findFirst()
        .map(it -> it.getValue() + pointer.substring(it.getKey().length()))
        .orElse(pointer);
  }

  /** Calls are items of their own here, and the parts of an image are one. */
  private static String inItem(String rest) {
    return rest.replaceFirst("^/tool_calls/[0-9]+(/function)?", "")
        .replaceFirst("/image_url/url$", "/image_url");
  }

  private static String pointer(String param) {
    return "/" + INDEX.matcher(param).replaceAll("/$1").replace('.', '/');
  }
}

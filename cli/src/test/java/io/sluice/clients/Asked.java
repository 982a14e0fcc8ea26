package io.sluice.clients;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import io.sluice.enginesim.SimText;

/** What every client asks for, and what the simulated engine says to it. */
final class Asked {
  static final String CHAT = "What is a queue?";

  /**
   * Characters that take one to four bytes, that several code points make together, that JSON
   * escapes, and at which a careless reader of lines ends one (U+0085, U+2028, U+2029).
   */
  static final String EVERY_KIND =
      "Zu\u0308rich naïve 東京 e\u0301\u0323 \ud83d\ude42 \ud83d\udc69\u200d\ud83d\udc69\u200d\ud83d\udc67"
          + " \ud83c\udde9\ud83c\uddea \u1112\u1161\u11ab \u05e9\u05c1\u05dc\u05d5\u05dd \ud835\udd4f"
          + " a\u0085b\u2028c\u2029d \\ \" / < & ' \t \r\n \ufeff\ufffd\uffff end";

  private static final int ECHOES = 1500;

  /** What an engine says in one line that is longer than what clients take in one. */
  static final String LONG = SimText.echoed(EVERY_KIND, ECHOES);

  private Asked() {}

  /** The whole answer to {@link #CHAT}. */
  static String answer() {
    SimText answer = SimText.answer(CHAT, ServedSluice.ENGINE.seed());
    return answer.first(answer.naturalTokens());
  }

  /** The prompts by the names that the drivers know them by. */
  static ObjectNode prompts() {
    return Json.object()
        .put("chat", CHAT)
        .put("bytes", "[[sim:cut]][[sim:echo=1]]" + EVERY_KIND)
        .put("long", "[[sim:echo=9999999]][[sim:echoes=%d]]".formatted(ECHOES) + EVERY_KIND)
        .put("endless", "[[sim:endless]] go on")
        .put("stalls", "[[sim:stall_first=0]] never begin")
        .put("fails", "[[sim:status=crash]] break")
        .set("embed", Json.MAPPER.createArrayNode().add("one").add("two"));
  }

  static ObjectNode schema() {
    ObjectNode schema = Json.object().put("type", "object").put("additionalProperties", false);
    schema.putObject("properties").putObject("color").put("type", "string");
    schema.withObject("/properties").putObject("count").put("type", "integer");
    schema.putArray("required").add("color").add("count");
    return schema;
  }

  static ObjectNode tool() {
    ObjectNode tool = Json.object().put("type", "function");
    ObjectNode function = tool.putObject("function").put("name", "get_weather");
    function.put("description", "The weather of a city");
    ObjectNode parameters = function.putObject("parameters").put("type", "object");
    parameters.putObject("properties").putObject("city").put("type", "string");
    parameters.putArray("required").add("city");
    return tool;
  }
}

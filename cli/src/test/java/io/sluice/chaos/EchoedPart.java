package io.sluice.chaos;

import io.sluice.codec.Json;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the model was asked about a part, in its own words: with this template the simulated engine
 * answers with the prompt that it was given, so what a result says of a part can be held against
 * what really went to the engine.
 *
 * @param document its name in the prompt
 * @param part from 1
 * @param pages such as {@code 3-4}; empty for a document without pages
 * @param text without white space at its ends
 */
record EchoedPart(String document, int part, int parts, String pages, String text) {
  /** Few and long tokens, which no bound of the output cuts. */
  static final String TEMPLATE =
      "[[sim:echo=2000]]{{document}}, part {{part}} of {{parts}}, pages {{pages}}:\n{{text}}\n";

  private static final Pattern FORM =
      Pattern.compile(
          "(\"[^\\n]*\"), part (\\d+) of (\\d+), pages ([-\\d]*):\n"
              + "\\[\\[\\[(\\w+)\n(.*)\n\\5]]]",
          Pattern.DOTALL);

  static EchoedPart read(String answer) {
    Matcher form = FORM.matcher(answer);
    if (!form.matches()) {
      throw new AssertionError("not what a part is asked with: " + answer);
    }
    return new EchoedPart(
        Json.parse("[" + form.group(1) + "]").path(0).asText(),
        Integer.parseInt(form.group(2)),
        Integer.parseInt(form.group(3)),
        form.group(4),
        form.group(6));
  }
}

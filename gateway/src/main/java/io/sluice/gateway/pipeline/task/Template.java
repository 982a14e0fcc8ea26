package io.sluice.gateway.pipeline.task;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A prompt with holes, such as {@code {{text}}}. What is filled in is never looked at again, so a
 * document that holds {@code {{answers}}} means just that.
 */
public record Template(String text) {
  private static final Pattern HOLE = Pattern.compile("\\{\\{ *([a-z_]{1,32}) *\\}\\}");

  /** The names of its holes. */
  Set<String> holes() {
    Set<String> names = new TreeSet<>();
    Matcher holes = HOLE.matcher(text);
    while (holes.find()) {
      names.add(holes.group(1));
    }
    return names;
  }

  /**
   * @param values of all its holes
   */
  String fill(Map<String, String> values) {
    StringBuilder filled = new StringBuilder();
    Matcher holes = HOLE.matcher(text);
    while (holes.find()) {
      String value = values.getOrDefault(holes.group(1), "");
      holes.appendReplacement(filled, Matcher.quoteReplacement(value));
    }
    return holes.appendTail(filled).toString();
  }
}

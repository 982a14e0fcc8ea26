package io.sluice.worker.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.ModelFacts;
import io.sluice.codec.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Reads what an engine says of a model, bounded: a stranger's text may be of any length. */
public final class Facts {
  private static final int FIELDS_MAX = 128;
  private static final int NAME_CHARS_MAX = 128;
  private static final int TEXT_CHARS_MAX = 256;
  private static final int LIST_MAX = 16;

  private Facts() {}

  /**
   * The fields of an object that are short, in their order, as long as all of them together are:
   * numbers, words, and lists of a few words. What is longer (a vocabulary, a license) is left out.
   */
  public static ObjectNode small(JsonNode object) {
    ObjectNode small = Json.object();
    int chars = 2;
    for (var field : object.properties()) {
      String name = field.getKey();
      if (small.size() < FIELDS_MAX
          && name.length() <= NAME_CHARS_MAX
          && isSmall(field.getValue())) {
        int more = name.length() + Json.write(field.getValue()).length() + 8;
        if (chars + more <= ModelFacts.CHARS_MAX) {
          small.set(name, field.getValue());
          chars += more;
        }
      }
    }
    return small;
  }

  private static boolean isSmall(JsonNode value) {
    if (value.isArray()) {
      return value.size() <= LIST_MAX && words(value).size() == value.size();
    }
    return value.isNumber()
        || value.isBoolean()
        || value.isTextual() && value.asText().length() <= TEXT_CHARS_MAX;
  }

  /** The short words of a list, a few of them. */
  public static List<String> words(JsonNode list) {
    List<String> words = new ArrayList<>();
    for (JsonNode each : list) {
      if (words.size() < LIST_MAX && each.isTextual() && each.asText().length() <= NAME_CHARS_MAX) {
        words.add(each.asText());
      }
    }
    return words;
  }

  public static Optional<String> word(JsonNode value) {
    return Optional.of(value.asText(""))
        .filter(text -> !text.isEmpty() && text.length() <= TEXT_CHARS_MAX);
  }

  /** With whatever offset and digits; nothing where it is no time. */
  public static Optional<Instant> time(JsonNode value) {
    try {
      return Optional.of(OffsetDateTime.parse(value.asText("")).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  public static OptionalInt tokens(JsonNode value) {
    return value.isIntegralNumber() && value.canConvertToInt() && value.asInt() > 0
        ? OptionalInt.of(value.asInt())
        : OptionalInt.empty();
  }

  public static OptionalLong bytes(JsonNode value) {
    return value.isIntegralNumber() && value.canConvertToLong() && value.asLong() > 0
        ? OptionalLong.of(value.asLong())
        : OptionalLong.empty();
  }
}

package io.sluice.gateway.submit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * A JSON object under reading: each look names the field and its type, and whatever does not hold
 * is noted with its pointer. A field that is null counts as left out.
 */
public record Fields(JsonNode json, String pointer, Faults faults) {
  /** Notes every field that is not in the list. */
  public void allowOnly(Set<String> names) {
    for (Map.Entry<String, JsonNode> field : json.properties()) {
      if (!names.contains(field.getKey())) {
        fault(field.getKey(), "There is no such field.");
      }
    }
  }

  public boolean has(String name) {
    return json.hasNonNull(name);
  }

  public void fault(String name, String detail) {
    faults.add(at(name), detail);
  }

  public Optional<JsonNode> any(String name) {
    return Optional.ofNullable(json.get(name)).filter(value -> !value.isNull());
  }

  public Optional<String> text(String name, int charsMin, int charsMax) {
    return any(name)
        .filter(value -> check(value.isTextual(), name, "It must be a string."))
        .map(JsonNode::textValue)
        .filter(
            text ->
                check(
                    text.length() >= charsMin && text.length() <= charsMax,
                    name,
                    charsMax == Integer.MAX_VALUE
                        ? "It must not be empty."
                        : "It must have " + charsMin + " to " + charsMax + " characters."));
  }

  /** A text that must be there; empty where it is not as it should be. */
  public String required(String name, int charsMin, int charsMax) {
    check(has(name), name, "It is missing.");
    return text(name, charsMin, charsMax).orElse("");
  }

  public Optional<String> oneOf(String name, Collection<String> choices) {
    return any(name)
        .map(JsonNode::asText)
        .filter(text -> check(choices.contains(text), name, "It must be " + listed(choices) + "."));
  }

  public Optional<Integer> integer(String name, int min, int max) {
    return whole(name, min, max).map(Math::toIntExact);
  }

  public Optional<Long> whole(String name, long min, long max) {
    return any(name)
        .filter(
            value ->
                check(
                    value.isIntegralNumber()
                        && value.canConvertToLong()
                        && value.longValue() >= min
                        && value.longValue() <= max,
                    name,
                    "It must be a whole number from " + min + " to " + max + "."))
        .map(JsonNode::longValue);
  }

  void number(String name, double min, double max) {
    any(name)
        .ifPresent(
            value ->
                check(
                    value.isNumber() && value.doubleValue() >= min && value.doubleValue() <= max,
                    name,
                    "It must be a number from " + min + " to " + max + "."));
  }

  public Optional<Fields> object(String name) {
    return any(name)
        .filter(value -> check(value.isObject(), name, "It must be an object."))
        .map(value -> new Fields(value, at(name), faults));
  }

  /** Walks a list of objects. */
  public void objects(String name, int max, BiConsumer<Integer, Fields> each) {
    list(
        name,
        max,
        (index, value) -> {
          String place = at(name) + "/" + index;
          if (value.isObject()) {
            each.accept(index, new Fields(value, place, faults));
          } else {
            faults.add(place, "It must be an object.");
          }
        });
  }

  /** Walks a list of strings that are only checked for their type and length. */
  void strings(String name, int max, int charsMax) {
    list(
        name,
        max,
        (index, value) -> {
          if (!value.isTextual() || value.textValue().length() > charsMax) {
            faults.add(
                at(name) + "/" + index,
                "It must be a string of at most " + charsMax + " characters.");
          }
        });
  }

  /** A list of strings; those that are none are noted and left out. */
  public List<String> texts(String name, int max, int charsMax) {
    List<String> texts = new ArrayList<>();
    strings(name, max, charsMax);
    any(name)
        .filter(value -> value.isArray() && value.size() <= max)
        .ifPresent(
            list ->
                list.forEach(
                    value ->
                        Optional.ofNullable(value.textValue())
                            .filter(text -> text.length() <= charsMax)
                            .ifPresent(texts::add)));
    return texts;
  }

  private void list(String name, int max, BiConsumer<Integer, JsonNode> each) {
    Optional<JsonNode> list =
        any(name).filter(value -> check(value.isArray(), name, "It must be a list."));
    if (list.isPresent() && check(list.get().size() <= max, name, "At most " + max + " fit.")) {
      int index = 0;
      for (Iterator<JsonNode> values = list.get().elements(); values.hasNext(); index++) {
        each.accept(index, values.next());
      }
    }
  }

  public boolean check(boolean holds, String name, String detail) {
    if (!holds) {
      fault(name, detail);
    }
    return holds;
  }

  private String at(String name) {
    return at(pointer, name);
  }

  /** The pointer of a field (RFC 6901), with long names cut. */
  static String at(String pointer, String name) {
    String key = name.length() > 64 ? name.substring(0, 64) + "…" : name;
    return pointer + "/" + key.replace("~", "~0").replace("/", "~1");
  }

  private static String listed(Collection<String> choices) {
    return choices.stream().map(choice -> "\"" + choice + "\"").collect(Collectors.joining(" or "));
  }
}

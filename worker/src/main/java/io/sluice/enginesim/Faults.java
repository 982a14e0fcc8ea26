package io.sluice.enginesim;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The faults that are switched on, and the draw for each request. Safe from any thread. */
final class Faults {
  private static final Pattern MARKER =
      Pattern.compile("\\[\\[sim:(?<kind>[a-z_]+)(=(?<value>[a-z0-9_]+))?]]");

  private static final List<String> FIELDS = List.of("value", "probability", "times");

  private final Random random;
  private List<Fault> on = List.of();
  private volatile boolean held;

  Faults(long seed) {
    random = new Random(seed);
  }

  synchronized void set(List<Fault> faults) {
    on = List.copyOf(faults);
  }

  /** Whether generations stand still. */
  void hold(boolean held) {
    this.held = held;
  }

  boolean held() {
    return held;
  }

  /**
   * The faults of one request: those of its own markers, and those that are switched on.
   *
   * @param run which run of this prompt it is, from 1
   */
  Drawn draw(String prompt, int run) {
    Map<FaultKind, String> drawn = new EnumMap<>(FaultKind.class);
    drawSwitched(drawn, EnumSet.allOf(FaultKind.class));
    Map<FaultKind, String> marked = marked(prompt);
    int runs = Integer.parseInt(marked.getOrDefault(FaultKind.RUNS, "999999999"));
    if (run <= runs) {
      drawn.putAll(marked);
    }
    return new Drawn(drawn, this::held);
  }

  /** The faults of a preload: only an error instead of an answer. */
  Drawn drawLoad() {
    Map<FaultKind, String> drawn = new EnumMap<>(FaultKind.class);
    drawSwitched(drawn, EnumSet.of(FaultKind.STATUS));
    return new Drawn(drawn, this::held);
  }

  private synchronized void drawSwitched(Map<FaultKind, String> into, Set<FaultKind> among) {
    List<Fault> left = new ArrayList<>(on.size());
    for (Fault fault : on) {
      boolean hit =
          among.contains(fault.kind())
              && fault.times() > 0
              && random.nextDouble() < fault.probability();
      if (hit) {
        into.put(fault.kind(), fault.value());
      }
      boolean counted = hit && fault.times() < Integer.MAX_VALUE;
      left.add(counted ? fault.times(fault.times() - 1) : fault);
    }
    on = left;
  }

  private static Map<FaultKind, String> marked(String prompt) {
    Map<FaultKind, String> marked = new EnumMap<>(FaultKind.class);
    if (!prompt.contains("[[sim:")) {
      return marked;
    }
    Matcher marker = MARKER.matcher(prompt);
    while (marker.find()) {
      String value = marker.group("value") == null ? "0" : marker.group("value");
      FaultKind.named(marker.group("kind"))
          .map(kind -> Fault.always(kind, value))
          .ifPresent(fault -> marked.put(fault.kind(), fault.value()));
    }
    return marked;
  }

  /**
   * Reads {@code {"eof_after":5}} or {@code {"eof_after":{"value":5,"probability":0.1,"times":3}}}.
   */
  static List<Fault> parse(JsonNode body) {
    if (!body.isObject() && !body.isMissingNode()) {
      throw new IllegalArgumentException("not an object such as {\"eof_after\": 3}");
    }
    List<Fault> faults = new ArrayList<>();
    body.properties().forEach(entry -> faults.add(parse(entry.getKey(), entry.getValue())));
    return faults;
  }

  private static Fault parse(String name, JsonNode setting) {
    FaultKind kind =
        FaultKind.named(name)
            .orElseThrow(() -> new IllegalArgumentException("no such fault: " + name));
    if (setting.isValueNode()) {
      return Fault.always(kind, setting.asText());
    }
    setting
        .fieldNames()
        .forEachRemaining(
            field -> {
              if (!FIELDS.contains(field)) {
                throw new IllegalArgumentException(name + " has no " + field + ", but " + FIELDS);
              }
            });
    return new Fault(
        kind,
        setting.path("value").asText("0"),
        setting.path("probability").asDouble(1),
        setting.path("times").asInt(Integer.MAX_VALUE));
  }

  /**
   * What one request has.
   *
   * @param held whether generations stand still now
   */
  record Drawn(Map<FaultKind, String> faults, BooleanSupplier held) {
    boolean has(FaultKind kind) {
      return faults.containsKey(kind);
    }

    String text(FaultKind kind, String otherwise) {
      return faults.getOrDefault(kind, otherwise);
    }

    int number(FaultKind kind, int otherwise) {
      String value = faults.get(kind);
      return value == null ? otherwise : Integer.parseInt(value);
    }

    /** Whether it strikes after this many tokens. */
    boolean strikes(FaultKind kind, int tokens) {
      return number(kind, -1) == tokens;
    }
  }
}

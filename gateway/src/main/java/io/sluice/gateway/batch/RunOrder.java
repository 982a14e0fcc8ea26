package io.sluice.gateway.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.gateway.batch.LineIndex.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts requests in an order in which an engine has use of its cache: those of one model together,
 * and among them those whose prompts begin alike, the more alike the closer. Groups come in the
 * order of their first lines, and so do the lines of a group; so where nothing is alike, the order
 * is that of the file.
 *
 * <p>Of each request it keeps four numbers: how its model is grouped, the first {@link #SHORT} and
 * {@link #LONG} characters of its prompt, and all of that but the last message. Used by one thread.
 */
final class RunOrder {
  static final int SHORT = 64;
  static final int LONG = 512;
  private static final int LEVELS = 4;

  private static final List<String> PROMPT = List.of("tools", "messages", "prompt", "input");

  private final List<Ranked> all = new ArrayList<>();
  private final Map<Long, Integer> groups = new HashMap<>();

  int size() {
    return all.size();
  }

  /**
   * @param job that the request makes
   */
  void add(Place place, String model, ObjectNode job) {
    Prefix prefix = new Prefix(model);
    PROMPT.forEach(name -> prefix.add(job.path(name)));
    all.add(new Ranked(place, prefix.hashes().stream().mapToInt(hash -> rank(hash)).toArray()));
  }

  private int rank(long hash) {
    return groups.computeIfAbsent(hash, first -> all.size());
  }

  /**
   * A prompt from its beginning to its end, in numbers of 64 bits (FNV-1a): two that fall together
   * cost a little order and nothing else.
   */
  private static final class Prefix {
    private final long model;
    private long hash = 0xcbf29ce484222325L;
    private int chars;
    private long ofShort;
    private long ofLong;
    private long lead;

    private Prefix(String model) {
      add(model);
      this.model = hash;
      this.chars = 0;
    }

    private void add(JsonNode part) {
      if (part.isContainerNode()) {
        part.forEach(this::add);
      } else if (!part.isMissingNode()) {
        lead = hash;
        add(part.asText());
      }
    }

    private void add(String text) {
      for (int i = 0; i < text.length(); i++) {
        add(text.charAt(i));
      }
      add('\u0000');
    }

    private void add(char next) {
      hash = (hash ^ next) * 0x100000001b3L;
      chars++;
      ofShort = chars <= SHORT ? hash : ofShort;
      ofLong = chars <= LONG ? hash : ofLong;
    }

    /** From the coarsest to the finest; each with its level, so that no two levels mix. */
    private List<Long> hashes() {
      return List.of(model, 31 * ofShort + 1, 31 * ofLong + 2, 31 * lead + 3);
    }
  }

  /** All of them, in their order. */
  List<Place> places() {
    Comparator<Ranked> order = Comparator.comparingInt(it -> it.ranks()[0]);
    for (int i = 1; i < LEVELS; i++) {
      int level = i;
      order = order.thenComparingInt(it -> it.ranks()[level]);
    }
    return all.stream().sorted(order).map(Ranked::place).toList();
  }

  private record Ranked(Place place, int[] ranks) {}
}

package io.sluice.cli.bulk;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import io.sluice.codec.Json;
import io.sluice.disk.SmallFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A prompt of one's own, in a file: what is asked of each part, and what is asked of the answers. A
 * line {@code --- map} or {@code --- reduce} begins one of the two; a file without such a line is
 * all map.
 *
 * @param map has {@code {{text}}} where the part goes
 * @param reduce has {@code {{answers}}} where the answers go
 */
record Template(String map, Optional<String> reduce) {
  private static final String MAP = "--- map";
  private static final String REDUCE = "--- reduce";

  static Template read(Path file) {
    try {
      return of(new String(SmallFile.read(file), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw new Refusal(Exit.USAGE, "--template: " + e.getMessage());
    }
  }

  /**
   * @throws IllegalArgumentException if it is no template
   */
  static Template of(String text) {
    StringBuilder map = new StringBuilder();
    StringBuilder reduce = new StringBuilder();
    StringBuilder current = map;
    for (String line : text.lines().toList()) {
      switch (line.strip()) {
        case MAP -> current = map;
        case REDUCE -> current = reduce;
        default -> current.append(line).append('\n');
      }
    }
    check(map, "map", "{{text}}");
    if (!reduce.toString().isBlank()) {
      check(reduce, "reduce", "{{answers}}");
    }
    return new Template(
        map.toString().strip(),
        Optional.of(reduce.toString().strip()).filter(one -> !one.isEmpty()));
  }

  private static void check(StringBuilder part, String name, String must) {
    if (part.indexOf(must) < 0) {
      throw new IllegalArgumentException("its " + name + " part does not have " + must);
    }
  }

  ObjectNode json() {
    ObjectNode json = Json.object().put("map", map);
    reduce.ifPresent(text -> json.put("reduce", text));
    return json;
  }
}

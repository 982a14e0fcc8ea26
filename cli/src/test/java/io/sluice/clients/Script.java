package io.sluice.clients;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.codec.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A script that uses a published client: it runs the cases that it is given by name, one after the
 * other, and prints a line of JSON for each.
 *
 * @param command runs the script
 * @param folder where it may write
 */
record Script(List<String> command, Path folder) implements Driver {
  private static final int LIMIT_SECONDS = 150;

  @Override
  public Cases run(JsonNode target, String... cases) {
    List<String> whole = Stream.concat(command.stream(), Stream.of(cases)).toList();
    Map<String, String> environment =
        Map.of("SLUICE_TEST_TARGET", Json.write(target), "PYTHONDONTWRITEBYTECODE", "1");
    return new Cases(
        Finished.run(whole, environment, folder, LIMIT_SECONDS)
            .succeeded()
            .lines()
            .map(Json::parse)
            .collect(Collectors.toMap(line -> line.path("case").asText(), Function.identity())));
  }
}

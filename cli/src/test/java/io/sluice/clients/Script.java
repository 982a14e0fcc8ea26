package io.sluice.clients;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.codec.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A script that uses a published client: it runs the cases that it is given by name, one after the
 * other, and prints a line of JSON for each.
 *
 * @param command runs the script
 */
record Script(List<String> command) implements Driver {
  private static final int LIMIT_SECONDS = 150;

  @Override
  public Cases run(JsonNode target, String... cases) {
    try {
      Path out = Files.createTempFile("driver", ".jsonl");
      Path err = Files.createTempFile("driver", ".err");
      try {
        run(target, List.of(cases), out, err);
        return new Cases(
            Files.readString(out)
                .lines()
                .map(Json::parse)
                .collect(
                    Collectors.toMap(line -> line.path("case").asText(), Function.identity())));
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void run(JsonNode target, List<String> cases, Path out, Path err) throws IOException {
    List<String> whole = new ArrayList<>(command);
    whole.addAll(cases);
    ProcessBuilder builder =
        new ProcessBuilder(whole).redirectOutput(out.toFile()).redirectError(err.toFile());
    // What a user has set for a server of theirs is none of this test's.
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("OLLAMA_") || name.startsWith("OPENAI_"));
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    builder.environment().put("SLUICE_TEST_TARGET", Json.write(target));
    Process process = builder.start();
    process.getOutputStream().close();
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        String seen = Files.readString(out) + Files.readString(err);
        throw new AssertionError(command + " did not end as it should: " + seen);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      process.destroyForcibly();
    }
  }
}

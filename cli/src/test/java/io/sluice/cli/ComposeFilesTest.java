package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.sluice.codec.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What `docker compose` reads, as far as that can be said without it. */
class ComposeFilesTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_]+)");

  private final String text = read("docker-compose.yml");
  private final JsonNode compose = parsed(text);
  private final JsonNode webui = compose.path("services").path("open-webui");

  @Test
  void every_volume_and_every_service_that_one_names_is_there() {
    Set<String> services = new TreeSet<>();
    compose.path("services").fieldNames().forEachRemaining(services::add);
    Set<String> volumes = new TreeSet<>();
    compose.path("volumes").fieldNames().forEachRemaining(volumes::add);
    for (JsonNode service : compose.path("services")) {
      service
          .path("depends_on")
          .fieldNames()
          .forEachRemaining(name -> assertThat(services).contains(name));
      for (JsonNode mount : service.path("volumes")) {
        String source = mount.asText().split(":")[0];
        assertThat(source.startsWith("./") || volumes.contains(source)).as(source).isTrue();
      }
    }
  }

  /** Else they are in a layer that goes with the container, and every deploy loses all of them. */
  @Test
  void files_batches_and_pipelines_are_on_a_volume_that_the_gateway_may_write_to() {
    JsonNode gateway = compose.path("services").path("gateway");
    String folder = gateway.path("environment").path("SLUICE_FILES").asText();
    assertThat(gateway.path("volumes").valueStream().map(JsonNode::asText))
        .contains("files:" + folder);
    assertThat(read("deploy/Dockerfile").lines())
        .anyMatch(line -> line.contains("install -d -o sluice") && line.contains(" " + folder));
  }

  @Test
  void every_variable_that_must_be_chosen_is_in_the_example() {
    String example = read("deploy/env.example");
    Set<String> named =
        VARIABLE.matcher(text).results().map(found -> found.group(1)).collect(Collectors.toSet());
    assertThat(named).contains("OPEN_WEBUI_KEY", "REDIS_PASSWORD");
    Set<String> unsaid =
        named.stream()
            .filter(name -> !example.contains("\n" + name + "="))
            .collect(Collectors.toSet());
    // These have a default that is right for most.
    assertThat(unsaid).containsOnly("OLLAMA_NUM_PARALLEL", "OPEN_WEBUI_PUBLISH", "SLUICE_PUBLISH");
  }

  @Test
  void open_webui_talks_to_the_gateway_with_a_key_of_its_own_and_its_users_are_sessions() {
    JsonNode environment = webui.path("environment");
    assertThat(environment.path("OLLAMA_BASE_URL").asText()).isEqualTo("http://gateway:8080");
    JsonNode connections =
        Json.parse(
            environment
                .path("OLLAMA_API_CONFIGS")
                .asText()
                .replace("${OPEN_WEBUI_KEY:-}", "sk_chosen"));
    assertThat(connections.path("0").path("key").asText()).isEqualTo("sk_chosen");
    assertThat(environment.path("ENABLE_FORWARD_USER_INFO_HEADERS").asText()).isEqualTo("True");
    assertThat(environment.path("FORWARD_USER_INFO_HEADER_USER_ID").asText())
        .isEqualTo("X-Session-Id");
    assertThat(webui.path("profiles").path(0).asText()).isEqualTo("webui");
  }

  @Test
  void only_the_gateway_and_open_webui_are_published_and_to_this_machine_alone() {
    Set<String> published = new TreeSet<>();
    for (var service : compose.path("services").properties()) {
      service.getValue().path("ports").forEach(port -> published.add(port.asText()));
    }
    assertThat(published)
        .containsExactly(
            "${OPEN_WEBUI_PUBLISH:-127.0.0.1:3000}:8080", "${SLUICE_PUBLISH:-127.0.0.1:8080}:8080");
  }

  private static String read(String file) {
    try {
      return Files.readString(ROOT.resolve(file));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode parsed(String yaml) {
    try {
      return new YAMLMapper().readTree(yaml);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}

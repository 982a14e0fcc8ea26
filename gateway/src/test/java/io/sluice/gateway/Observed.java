package io.sluice.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * What the gateway answered to any test, as method, path and status. An answer that the description
 * of the surface does not know fails the test that got it.
 */
final class Observed {
  private static final Set<String> ANSWERS = new ConcurrentSkipListSet<>();
  private static final JsonNode PATHS = read().path("paths");

  private Observed() {}

  static void add(String method, String path, int status) {
    String template = template(path);
    JsonNode operation = PATHS.path(template).path(method.toLowerCase(Locale.ROOT));
    if (operation.isMissingNode() || status == 500) {
      return;
    }
    if (!operation.path("responses").has(String.valueOf(status))) {
      throw new AssertionError(
          method + " " + path + " answers " + status + ": not in openapi.yaml");
    }
    ANSWERS.add(method + " " + template + " " + status);
  }

  static Set<String> answers() {
    return new TreeSet<>(ANSWERS);
  }

  /** Every method, path and status that the description names. */
  static Set<String> described() {
    Set<String> described = new TreeSet<>();
    PATHS.properties().forEach(path -> operations(path.getKey(), path.getValue(), described));
    return described;
  }

  private static void operations(String path, JsonNode operations, Set<String> described) {
    for (var operation : operations.properties()) {
      operation
          .getValue()
          .path("responses")
          .fieldNames()
          .forEachRemaining(
              status ->
                  described.add(
                      operation.getKey().toUpperCase(Locale.ROOT) + " " + path + " " + status));
    }
  }

  private static String template(String path) {
    return path.replaceAll("\\?.*", "")
        .replaceAll("^/v1/jobs/[^/]+", "/v1/jobs/{id}")
        .replaceAll("^/v1/responses/[^/]+", "/v1/responses/{id}")
        .replaceAll("^/v1/files/[^/]+", "/v1/files/{id}")
        .replaceAll("^/v1/batches/[^/]+", "/v1/batches/{id}")
        .replaceAll("^/v1/pipelines/[^/]+", "/v1/pipelines/{id}")
        .replaceAll("/documents/[^/]+/text$", "/documents/{index}/text")
        .replaceAll("^/v1/models/[^/]+$", "/v1/models/{id}")
        .replaceAll("^/v1/models/[^/]+/[^/]+$", "/v1/models/{owner}/{name}")
        .replaceAll("^/api/blobs/[^/]+", "/api/blobs/{digest}")
        .replaceAll("^/admin/v1/keys/[^/]+", "/admin/v1/keys/{id}")
        .replaceAll("^/admin/v1/workers/[^/]+", "/admin/v1/workers/{id}")
        .replaceAll("^/admin/v1/tenants/[^/]+", "/admin/v1/tenants/{name}")
        .replaceAll("^/admin/v1/token-keys/(?!rotate)[^/]+", "/admin/v1/token-keys/{kid}");
  }

  private static JsonNode read() {
    try (InputStream file = Gateway.class.getResourceAsStream("openapi.yaml")) {
      return new YAMLMapper(new YAMLFactory()).readTree(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package io.sluice.gateway.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.FileStore;
import io.sluice.Unavailable;
import io.sluice.codec.Json;
import io.sluice.codec.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The idempotency keys of requests that made pipelines: a file for each, made once. Blocks. */
record Keys(FileStore files) {
  /** The folder of all tenants' folders. */
  static final String ALL = "pipeline-keys";

  /**
   * Takes a key, unless it is taken.
   *
   * @return what it is taken for: the same where nobody had it before
   */
  Claim claim(String tenant, String key, Claim wanted) {
    String digest = Sha256.hex(key.getBytes(StandardCharsets.UTF_8));
    String name = of(tenant) + "/" + digest;
    byte[] bytes = Json.write(wanted.json()).getBytes(StandardCharsets.UTF_8);
    try (FileStore.Draft draft = files.create(name)) {
      draft.write(bytes, 0, bytes.length);
      draft.commit();
    }
    return read(name).orElseThrow(() -> new Unavailable("files", "a key is gone"));
  }

  /** The folder of a tenant's keys. */
  static String of(String tenant) {
    return ALL + "/" + tenant;
  }

  Optional<Claim> read(String name) {
    return files.read(name, 0).map(kept -> Claim.parse(Json.parse(PipelineFolder.whole(kept))));
  }

  /**
   * What a key stands for.
   *
   * @param fingerprint of the request that it came with
   */
  record Claim(PipelineId id, String fingerprint) {
    private JsonNode json() {
      return Json.object().put("id", id.value()).put("fingerprint", fingerprint);
    }

    private static Claim parse(JsonNode json) {
      return new Claim(new PipelineId(json.path("id").asText()), json.path("fingerprint").asText());
    }
  }
}

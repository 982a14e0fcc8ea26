package io.sluice.gateway.batch;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.FileStore;
import io.sluice.Unavailable;
import io.sluice.codec.Json;
import io.sluice.codec.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The idempotency keys of requests that made batches: a file for each, made once. Blocks. */
record BatchKeys(FileStore files) {
  /**
   * Takes a key, unless it is taken.
   *
   * @return what it is taken for: the same where nobody had it before
   */
  Claim claim(String tenant, String key, Claim wanted) {
    String name = folder(tenant) + "/" + Sha256.hex(key.getBytes(StandardCharsets.UTF_8));
    byte[] bytes = Json.write(wanted.json()).getBytes(StandardCharsets.UTF_8);
    try (FileStore.Draft draft = files.create(name)) {
      draft.write(bytes, 0, bytes.length);
      draft.commit();
    }
    return read(name);
  }

  static final String ALL = "batch-keys";

  static String folder(String tenant) {
    return ALL + "/" + tenant;
  }

  Claim read(String name) {
    try (FileStore.Content content =
        files.read(name, 0).orElseThrow(() -> new Unavailable("files", "a key is gone"))) {
      String text = new String(content.stream().readAllBytes(), StandardCharsets.UTF_8);
      return Claim.parse(Json.parse(text));
    } catch (IOException e) {
      throw new Unavailable("files", e.toString(), e);
    }
  }

  /**
   * What a key stands for.
   *
   * @param fingerprint of the request that it came with
   */
  record Claim(BatchId id, String fingerprint) {
    private JsonNode json() {
      return Json.object().put("id", id.value()).put("fingerprint", fingerprint);
    }

    private static Claim parse(JsonNode json) {
      return new Claim(new BatchId(json.path("id").asText()), json.path("fingerprint").asText());
    }
  }
}

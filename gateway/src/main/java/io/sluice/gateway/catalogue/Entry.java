package io.sluice.gateway.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.ModelFacts;
import io.sluice.Pool;
import io.sluice.codec.Json;
import io.sluice.codec.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A model under one of the names by which clients ask for it.
 *
 * @param pools that the name means, the smallest first; at least one
 * @param facts what an engine says of it; nothing as long as no worker told
 * @param since when it is served by this gateway
 */
record Entry(String name, List<Pool> pools, Optional<ModelFacts> facts, Instant since) {

  /** The longest context that is served under the name. */
  int contextTokens() {
    return pools.getLast().contextTokens();
  }

  /**
   * Of what is installed; where nobody says it, one of the model's name: clients cut it to twelve
   * characters without looking.
   */
  String digest() {
    return facts
        .flatMap(ModelFacts::digest)
        .orElseGet(() -> Sha256.hex(pools.getFirst().model().getBytes(StandardCharsets.UTF_8)));
  }

  /** Of what is installed, 0 where nobody says it. */
  long bytes() {
    return facts.map(it -> it.bytes().orElse(0)).orElse(0L);
  }

  Instant modifiedAt() {
    return facts.flatMap(ModelFacts::modifiedAt).orElse(since);
  }

  /** What every model can do that is served at all, where nobody says more. */
  List<String> capabilities() {
    return facts
        .map(ModelFacts::capabilities)
        .filter(known -> !known.isEmpty())
        .orElse(List.of("completion"));
  }

  JsonNode details() {
    return Json.parse(facts.map(ModelFacts::details).orElse("{}"));
  }

  JsonNode info() {
    return Json.parse(facts.map(ModelFacts::info).orElse("{}"));
  }

  Optional<ModelFacts.Loaded> loaded() {
    return facts.flatMap(ModelFacts::loaded);
  }
}

package io.sluice.gateway.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What becomes of pipelines, their documents and their parts. */
final class PipelineMeters {
  private final MeterRegistry meters;

  PipelineMeters(MeterRegistry meters) {
    this.meters = meters;
  }

  /** A document has its result. */
  void document(JsonNode result) {
    Counter.builder("sluice.gateway.pipeline.documents")
        .description("Documents of pipelines that have a result")
        .tag("status", result.path("status").asText())
        .register(meters)
        .increment();
    for (JsonNode part : result.path("parts")) {
      Counter.builder("sluice.gateway.pipeline.parts")
          .description("Parts of documents that have an answer, or failed")
          .tag("status", part.path("status").asText())
          .register(meters)
          .increment();
    }
  }

  void ended(String status) {
    Counter.builder("sluice.gateway.pipelines")
        .description("Pipelines that have ended")
        .tag("status", status)
        .register(meters)
        .increment();
  }
}

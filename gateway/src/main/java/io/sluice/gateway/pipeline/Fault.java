package io.sluice.gateway.pipeline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import io.sluice.gateway.bulk.Watch.Stop;
import java.util.Locale;

/**
 * Why a document or a part of it failed.
 *
 * @param message a sentence for the pipeline's owner
 */
record Fault(String code, String message) {
  /** Of what was not done when its pipeline ended. */
  static Fault of(Stop why) {
    return new Fault(
        "pipeline_" + status(why),
        switch (why) {
          case CANCELLED -> "The pipeline was cancelled before this was done.";
          case EXPIRED -> "The completion window was over before this was done.";
        });
  }

  /** How a pipeline ends that is stopped. */
  static String status(Stop why) {
    return why.name().toLowerCase(Locale.ROOT);
  }

  ObjectNode json() {
    return Json.object().put("code", code).put("message", message);
  }
}

package io.sluice.gateway.pipeline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;

/**
 * Why a document or a part of it failed.
 *
 * @param message a sentence for the pipeline's owner
 */
record Fault(String code, String message) {
  ObjectNode json() {
    return Json.object().put("code", code).put("message", message);
  }
}

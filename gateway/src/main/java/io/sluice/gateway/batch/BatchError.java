package io.sluice.gateway.batch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import java.util.Optional;

/**
 * What is wrong with an input file, as OpenAI tells it.
 *
 * @param param the field of the line, {@code body.messages[0].content}
 * @param line from 1; empty where it is the whole file
 */
record BatchError(String code, String message, Optional<String> param, Optional<Integer> line) {
  static BatchError ofFile(String code, String message) {
    return new BatchError(code, message, Optional.empty(), Optional.empty());
  }

  static BatchError ofLine(int line, String code, String message) {
    return new BatchError(code, message, Optional.empty(), Optional.of(line));
  }

  static BatchError ofField(int line, String code, String message, String param) {
    return new BatchError(code, message, Optional.of(param), Optional.of(line));
  }

  ObjectNode json() {
    return Json.object()
        .put("code", code)
        .put("message", message)
        .put("param", param.orElse(null))
        .put("line", line.orElse(null));
  }
}

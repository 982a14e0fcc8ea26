package io.sluice.gateway.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.JobRecord;
import io.sluice.codec.Json;
import io.sluice.gateway.held.Order;
import io.sluice.gateway.held.Verdict;
import io.sluice.gateway.problem.ErrorShape;
import io.sluice.gateway.problem.OpenAiError;
import io.sluice.gateway.problem.Problem;
import java.util.Optional;

/**
 * What became of a request, as it is written down when it has ended.
 *
 * @param line of the output file, or of the error file
 * @param completed which of the two
 */
record LineAnswer(boolean completed, TokenUse usage, JsonNode line) {
  private static final int OK = 200;

  /** A job that ended: its answer, or the error that its endpoint would have answered. */
  static LineAnswer of(Head head, Order.Whole order, JobRecord ended) {
    Optional<Problem> why = Verdict.problem(ended);
    if (why.isPresent()) {
      return refused(head, ended.id().value(), order.phrasing().apply(why.get()));
    }
    JsonNode body = order.answer().apply(ended);
    return new LineAnswer(true, TokenUse.of(body), response(head, OK, ended.id().value(), body));
  }

  /** A request that became no job. */
  static LineAnswer refused(Head head, Order.Whole order, Problem why) {
    return refused(head, head.id(), order.phrasing().apply(why));
  }

  private static LineAnswer refused(Head head, String requestId, Problem why) {
    int status = OpenAiError.of(why).status();
    ObjectNode body = ErrorShape.OPENAI.body(why);
    return new LineAnswer(false, TokenUse.NONE, response(head, status, requestId, body));
  }

  /** A request that was never answered, since the batch ended before. */
  static LineAnswer unanswered(Head head, String code, String message) {
    ObjectNode line = head.json().putNull("response");
    line.putObject("error").put("code", code).put("message", message);
    return new LineAnswer(false, TokenUse.NONE, line);
  }

  private static JsonNode response(Head head, int status, String requestId, JsonNode body) {
    ObjectNode line = head.json();
    line.putObject("response")
        .put("status_code", status)
        .put("request_id", requestId)
        .set("body", body);
    return line.putNull("error");
  }

  ObjectNode json() {
    ObjectNode json = Json.object().put("ok", completed);
    json.set("usage", usage.stored());
    return json.set("line", line);
  }

  static LineAnswer parse(JsonNode json) {
    return new LineAnswer(
        json.path("ok").asBoolean(), TokenUse.parse(json.path("usage")), json.get("line"));
  }

  /**
   * How a line begins.
   *
   * @param id of the request in its batch
   */
  record Head(String id, String customId) {
    /** The same for a request whoever runs it, and however often. */
    static Head of(String batchId, int piece, String customId) {
      String unique = batchId.substring(batchId.indexOf('_') + 1);
      return new Head("batch_req_" + unique + "_" + piece, customId);
    }

    private ObjectNode json() {
      return Json.object().put("id", id).put("custom_id", customId);
    }
  }
}

package io.sluice.gateway.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.gateway.held.Order;
import io.sluice.gateway.held.Surface;
import io.sluice.gateway.problem.OpenAiError;
import io.sluice.gateway.problem.OpenAiMembers;
import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.problem.Refusal;
import io.sluice.gateway.submit.StrictJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads lines as requests of one endpoint, with everything that is wrong with them. Pure; safe from
 * any thread.
 *
 * @param url the endpoint that every line has to name
 * @param check refuses a job that would not be taken
 */
record RequestReader(String url, Surface surface, int bytesMax, Consumer<ObjectNode> check) {
  private static final int CUSTOM_ID_CHARS_MAX = 512;

  private static final String MISSING = "missing_required_parameter";
  private static final String INVALID = "invalid_request";

  Request read(InputLine line) {
    if (!line.isWhole()) {
      return bad(line, "line_too_long", "A line may have " + bytesMax + " bytes at most.");
    }
    JsonNode json;
    try {
      json = StrictJson.parse(line.text());
    } catch (Refusal refusal) {
      String why = refusal.problem().detail().replaceFirst("^Line 1, column", "Column");
      return bad(line, "invalid_json_line", "This line is not JSON. " + why);
    }
    return json instanceof ObjectNode object
        ? new Reading(line, object).request()
        : bad(line, INVALID, "A line must be a JSON object.");
  }

  private static Request bad(InputLine line, String code, String message) {
    return new Request.Bad("", List.of(BatchError.ofLine(line.number(), code, message)));
  }

  /** One line under reading. */
  private final class Reading {
    private final InputLine line;
    private final ObjectNode json;
    private final List<BatchError> errors = new ArrayList<>();

    private Reading(InputLine line, ObjectNode json) {
      this.line = line;
      this.json = json;
    }

    private Request request() {
      String customId = customId();
      method();
      url();
      Optional<Order.Whole> order = body().flatMap(this::order);
      return order.isPresent() && errors.isEmpty()
          ? new Request.Good(customId, json.at("/body/model").asText(), order.get())
          : new Request.Bad(customId, List.copyOf(errors));
    }

    private String customId() {
      JsonNode id = json.path("custom_id");
      if (isLeftOut("custom_id")) {
        fault(MISSING, "It is missing: every line needs a name of its own.", "custom_id");
      } else if (!id.isTextual()
          || id.textValue().isEmpty()
          || id.textValue().length() > CUSTOM_ID_CHARS_MAX) {
        String rule = "It must be a string of 1 to " + CUSTOM_ID_CHARS_MAX + " characters.";
        fault(INVALID, rule, "custom_id");
      } else {
        return id.textValue();
      }
      return "";
    }

    private void method() {
      if (isLeftOut("method")) {
        fault(MISSING, "It is missing: write \"POST\".", "method");
      } else if (!json.path("method").asText().equals("POST")) {
        fault(INVALID, "It must be \"POST\".", "method");
      }
    }

    private void url() {
      if (isLeftOut("url")) {
        fault(MISSING, "It is missing: write \"" + url + "\".", "url");
      } else if (!json.path("url").asText().equals(url)) {
        fault("url_mismatch", "It must be the endpoint of the batch, \"" + url + "\".", "url");
      }
    }

    private Optional<ObjectNode> body() {
      if (isLeftOut("body")) {
        fault(MISSING, "It is missing.", "body");
      } else if (json.get("body") instanceof ObjectNode body) {
        return Optional.of(body);
      } else {
        fault(INVALID, "It must be an object.", "body");
      }
      return Optional.empty();
    }

    /** What would need a client that waits is refused, and the rest is read all the same. */
    private Optional<Order.Whole> order(ObjectNode body) {
      refuse(body, "stream", "A batch has nobody to stream to.");
      refuse(body, "background", "Everything in a batch runs in the background.");
      if (body.hasNonNull("previous_response_id")) {
        String why = "Lines of a batch go on from nothing: send the whole conversation.";
        fault("unsupported_value", why, "body.previous_response_id");
        body.remove("previous_response_id");
      }
      try {
        return ordered(surface.read(body));
      } catch (Refusal refusal) {
        refused(refusal.problem());
        return Optional.empty();
      }
    }

    private Optional<Order.Whole> ordered(Order order) {
      if (!(order instanceof Order.Whole whole)) {
        throw new IllegalStateException("neither streamed nor in the background, and not whole");
      }
      try {
        check.accept(whole.job());
      } catch (Refusal refusal) {
        refused(whole.phrasing().apply(refusal.problem()));
      }
      return Optional.of(whole);
    }

    private void refuse(ObjectNode body, String name, String why) {
      if (body.path(name).asBoolean()) {
        fault("unsupported_value", why, "body." + name);
        body.remove(name);
      }
    }

    private void refused(Problem problem) {
      OpenAiError told = OpenAiError.of(problem);
      JsonNode each = problem.members().get("errors");
      if (each == null) {
        fault(told.code(), told.message(), told.param().map(it -> "body." + it).orElse("body"));
        return;
      }
      for (JsonNode one : each) {
        String place = OpenAiMembers.place(one.path("pointer").asText());
        String param = place.isEmpty() ? "body" : "body." + place;
        fault(told.code(), one.path("detail").asText(), param);
      }
    }

    private boolean isLeftOut(String name) {
      return !json.hasNonNull(name);
    }

    private void fault(String code, String message, String param) {
      errors.add(BatchError.ofField(line.number(), code, message, param));
    }
  }
}

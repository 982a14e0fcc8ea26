package io.sluice.enginesim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import java.io.IOException;
import java.time.Instant;

/** Writes a chat completion as vLLM does: server-sent events, or one object at the end. */
final class OpenAiAnswer implements Answer {
  private static final int ARGUMENT_PARTS = 3;

  private final Exchange exchange;
  private final Ask ask;
  private final String model;
  private final OpenAiSim sim;
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder thinking = new StringBuilder();
  private final ArrayNode logprobs = Json.MAPPER.createArrayNode();
  private JsonNode call = Json.MAPPER.missingNode();
  private boolean started;
  private boolean inTags;

  OpenAiAnswer(Exchange exchange, Ask ask, String model, OpenAiSim sim) {
    this.exchange = exchange;
    this.ask = ask;
    this.model = model;
    this.sim = sim;
  }

  @Override
  public void begin() throws IOException {
    if (!started) {
      started = true;
      exchange.startStream("text/event-stream; charset=utf-8");
      event(chunk(Json.object().put("role", "assistant").put("content", ""), ""));
    }
  }

  @Override
  public void text(String token) throws IOException {
    String shown = inTags ? "</think>\n\n" + token : token;
    inTags = false;
    say("content", shown, text);
  }

  @Override
  public void thinking(String token) throws IOException {
    switch (sim.thoughts()) {
      case REASONING_CONTENT -> say("reasoning_content", token, thinking);
      case REASONING -> say("reasoning", token, thinking);
      case TAGS -> {
        say("content", inTags ? token : "<think>\n" + token, text);
        inTags = true;
      }
    }
  }

  @Override
  public void call(ObjectNode call) throws IOException {
    this.call = call;
    if (!ask.streams()) {
      return;
    }
    begin();
    JsonNode function = call.path("function");
    ObjectNode first = Json.object();
    ObjectNode named = part(first).put("id", call.path("id").asText()).put("type", "function");
    named.putObject("function").put("name", function.path("name").asText()).put("arguments", "");
    event(chunk(first, ""));
    String arguments = Json.write(function.path("arguments"));
    int size = Math.max(1, arguments.length() / ARGUMENT_PARTS);
    for (int from = 0; from < arguments.length(); from += size) {
      int to = Math.min(arguments.length(), from + size);
      ObjectNode delta = Json.object();
      part(delta).putObject("function").put("arguments", arguments.substring(from, to));
      event(chunk(delta, ""));
    }
  }

  @Override
  public void done(String reason, Metrics metrics) throws IOException {
    String finish = reason.equals("stop") && !call.isMissingNode() ? "tool_calls" : reason;
    if (!ask.streams()) {
      ObjectNode whole = whole(finish);
      whole.set("usage", usage(metrics));
      exchange.json(200, whole);
      return;
    }
    begin();
    event(chunk(Json.object(), finish));
    boolean counts = ask.body().path("include_usage").asBoolean() && metrics.prompt() > 0;
    if (counts) {
      ObjectNode last = head("chat.completion.chunk");
      last.putArray("choices");
      last.set("usage", usage(metrics));
      event(last);
    }
    exchange.line("data: [DONE]\n");
    exchange.endStream();
  }

  @Override
  public void endEarly() throws IOException {
    if (ask.streams()) {
      begin();
      exchange.endStream();
    } else {
      exchange.json(200, whole(""));
    }
  }

  /** vLLM writes [DONE] after an error too. */
  @Override
  public void error(String name) throws IOException {
    OpenAiError error = OpenAiError.like(name, OpenAiError.CRASH);
    if (ask.streams()) {
      begin();
      event(error.json());
      exchange.line("data: [DONE]\n");
      exchange.endStream();
    } else {
      exchange.json(error.status(), error.json());
    }
  }

  @Override
  public void raw(String text) throws IOException {
    begin();
    exchange.line("data: " + text + "\n");
    exchange.flush();
  }

  @Override
  public void flush() throws IOException {
    if (ask.streams() && started) {
      exchange.flush();
    }
  }

  private void say(String field, String token, StringBuilder whole) throws IOException {
    if (ask.streams()) {
      begin();
      ObjectNode chunk = chunk(Json.object().put(field, token), "");
      if (ask.wantsLogprobs()) {
        ((ObjectNode) chunk.path("choices").path(0))
            .putObject("logprobs")
            .set("content", ask.logprobs(token));
      }
      event(chunk);
    } else {
      whole.append(token);
      if (ask.wantsLogprobs()) {
        logprobs.addAll(ask.logprobs(token));
      }
    }
  }

  private void event(ObjectNode data) throws IOException {
    exchange.line("data: " + Json.write(data) + "\n");
  }

  private static ObjectNode part(ObjectNode delta) {
    return delta.putArray("tool_calls").addObject().put("index", 0);
  }

  private ObjectNode chunk(ObjectNode delta, String finish) {
    ObjectNode chunk = head("chat.completion.chunk");
    ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
    choice.set("delta", delta);
    return finish(chunk, choice, finish);
  }

  private ObjectNode whole(String finish) {
    ObjectNode whole = head("chat.completion");
    ObjectNode choice = whole.putArray("choices").addObject().put("index", 0);
    ObjectNode message = choice.putObject("message").put("role", "assistant");
    message.put("content", text.toString());
    if (!logprobs.isEmpty()) {
      choice.putObject("logprobs").set("content", logprobs);
    }
    if (!thinking.isEmpty()) {
      message.put("reasoning_content", thinking.toString());
    }
    if (!call.isMissingNode()) {
      ObjectNode one = message.putArray("tool_calls").addObject();
      one.put("id", call.path("id").asText()).put("type", "function");
      one.putObject("function")
          .put("name", call.path("function").path("name").asText())
          .put("arguments", Json.write(call.path("function").path("arguments")));
    }
    return finish(whole, choice, finish);
  }

  private static ObjectNode finish(ObjectNode body, ObjectNode choice, String finish) {
    if (finish.isEmpty()) {
      choice.putNull("finish_reason");
    } else {
      choice.put("finish_reason", finish);
    }
    return body;
  }

  private ObjectNode head(String object) {
    return Json.object()
        .put("id", "chatcmpl-simulated")
        .put("object", object)
        .put("created", Instant.now().getEpochSecond())
        .put("model", model);
  }

  private static ObjectNode usage(Metrics metrics) {
    return Json.object()
        .put("prompt_tokens", metrics.prompt())
        .put("completion_tokens", metrics.generated())
        .put("total_tokens", metrics.prompt() + metrics.generated());
  }
}

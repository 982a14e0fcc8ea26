package io.sluice.enginesim;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import java.io.IOException;
import java.time.Instant;

/** Writes an answer in Ollama's words: a stream of lines, or one object at the end. */
final class OllamaAnswer implements Answer {
  private final Exchange exchange;
  private final Ask ask;
  private final String model;
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder thinking = new StringBuilder();
  private final ArrayNode logprobs = Json.MAPPER.createArrayNode();
  private ObjectNode call;
  private boolean started;

  OllamaAnswer(Exchange exchange, Ask ask, String model) {
    this.exchange = exchange;
    this.ask = ask;
    this.model = model;
  }

  @Override
  public void text(String token) throws IOException {
    if (ask.streams()) {
      line(withLogprobs(chunk(token, "", null), token));
    } else {
      text.append(token);
      keepLogprobs(token);
    }
  }

  @Override
  public void thinking(String token) throws IOException {
    if (ask.streams()) {
      line(withLogprobs(chunk("", token, null), token));
    } else {
      thinking.append(token);
      keepLogprobs(token);
    }
  }

  @Override
  public void call(ObjectNode call) throws IOException {
    this.call = call;
    if (ask.streams()) {
      line(chunk("", "", call));
    }
  }

  @Override
  public void done(String reason, Metrics metrics) throws IOException {
    ObjectNode last = last().put("done", true).put("done_reason", reason);
    put(last, "total_duration", metrics.total());
    put(last, "load_duration", metrics.load());
    put(last, "prompt_eval_count", metrics.prompt());
    put(last, "prompt_eval_duration", metrics.promptTime());
    put(last, "eval_count", metrics.generated());
    put(last, "eval_duration", metrics.generatingTime());
    finish(last);
  }

  @Override
  public void endEarly() throws IOException {
    if (ask.streams()) {
      begin();
      exchange.endStream();
    } else {
      exchange.json(200, last().put("done", false));
    }
  }

  @Override
  public void error(String name) throws IOException {
    EngineError error = EngineError.named(name).orElse(EngineError.CRASH);
    if (ask.streams()) {
      line(Json.object().put("error", error.text()));
      exchange.endStream();
    } else {
      exchange.error(error.status(), error.text());
    }
  }

  @Override
  public void raw(String text) throws IOException {
    begin();
    exchange.line(text.startsWith("x") ? "{\"response\":\"" + text + "\"}" : text);
    exchange.flush();
  }

  @Override
  public void flush() throws IOException {
    if (ask.streams() && started) {
      exchange.flush();
    }
  }

  @Override
  public void begin() throws IOException {
    if (!started) {
      started = true;
      exchange.startStream("application/x-ndjson");
    }
  }

  private void finish(ObjectNode last) throws IOException {
    if (ask.streams()) {
      line(last);
      exchange.endStream();
    } else {
      exchange.json(200, last);
    }
  }

  private void line(ObjectNode line) throws IOException {
    begin();
    exchange.line(Json.write(line));
  }

  private ObjectNode last() {
    if (ask.streams()) {
      return chunk("", "", null);
    }
    ObjectNode whole = chunk(text.toString(), thinking.toString(), call);
    if (!logprobs.isEmpty()) {
      whole.set("logprobs", logprobs);
    }
    return whole;
  }

  private ObjectNode withLogprobs(ObjectNode chunk, String token) {
    if (ask.wantsLogprobs()) {
      chunk.set("logprobs", ask.logprobs(token));
    }
    return chunk;
  }

  private void keepLogprobs(String token) {
    if (ask.wantsLogprobs()) {
      logprobs.addAll(ask.logprobs(token));
    }
  }

  private ObjectNode chunk(String text, String thinking, ObjectNode call) {
    ObjectNode chunk =
        Json.object().put("model", model).put("created_at", Instant.now().toString());
    ObjectNode message = ask.chat() ? chunk.putObject("message") : chunk;
    if (ask.chat()) {
      message.put("role", "assistant");
    }
    message.put(ask.chat() ? "content" : "response", text);
    if (!thinking.isEmpty()) {
      message.put("thinking", thinking);
    }
    if (call != null) {
      message.putArray("tool_calls").add(call);
    }
    return chunk.put("done", false);
  }

  /** Zero is left out, as Go does. */
  private static void put(ObjectNode last, String name, long value) {
    if (value != 0) {
      last.put(name, value);
    }
  }
}

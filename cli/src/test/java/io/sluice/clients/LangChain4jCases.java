package io.sluice.clients;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.ollama.OllamaChatModel;
import dev.langchain4j.model.ollama.OllamaEmbeddingModel;
import dev.langchain4j.model.ollama.OllamaModel;
import dev.langchain4j.model.ollama.OllamaModels;
import dev.langchain4j.model.ollama.OllamaStreamingChatModel;
import io.sluice.codec.Json;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** What LangChain4j is asked for, in its own words. */
final class LangChain4jCases {
  private static final Duration LIMIT = Duration.ofSeconds(40);

  /** A stream that has not begun cannot be left otherwise. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final ToolSpecification TOOL =
      ToolSpecification.builder()
          .name("get_weather")
          .description("The weather of a city")
          .parameters(JsonObjectSchema.builder().addStringProperty("city").required("city").build())
          .build();
  private static final ResponseFormat SCHEMA =
      ResponseFormat.builder()
          .type(ResponseFormatType.JSON)
          .jsonSchema(
              JsonSchema.builder()
                  .name("answer")
                  .rootElement(
                      JsonObjectSchema.builder()
                          .addStringProperty("color")
                          .addIntegerProperty("count")
                          .required("color", "count")
                          .build())
                  .build())
          .build();

  private final String url;
  private final JsonNode keys;
  private final JsonNode prompts;
  private final Map<String, Supplier<JsonNode>> cases = new HashMap<>();

  LangChain4jCases(JsonNode target) {
    url = target.path("url").asText();
    keys = target.path("keys");
    prompts = target.path("prompts");
    String chat = prompt("chat");
    cases.put("chat", () -> whole(asked(chat).build()));
    cases.put("stream", () -> streamed("good", asked(chat).build()));
    cases.put("bytes", () -> whole(asked(prompt("bytes")).build()));
    cases.put("bytes_stream", () -> streamed("good", asked(prompt("bytes")).build()));
    cases.put("long_stream", () -> streamed("good", asked(prompt("long")).build()));
    cases.put("thinking", this::thinking);
    cases.put("tools", () -> whole(asked(chat).toolSpecifications(TOOL).build()));
    cases.put("tools_stream", () -> streamed("good", asked(chat).toolSpecifications(TOOL).build()));
    cases.put("tool_answered", this::toolAnswered);
    cases.put("schema", () -> whole(asked(chat).responseFormat(SCHEMA).build()));
    cases.put("length", () -> whole(asked(chat).maxOutputTokens(5).build()));
    cases.put("embeddings", this::embeddings);
    cases.put("list", () -> list("good"));
    cases.put("show", this::show);
    cases.put("abort", this::abort);
    cases.put("wrong_key", () -> told(model("wrong", false).chat(asked(chat).build())));
    cases.put("wrong_key_list", () -> list("wrong"));
    cases.put("model_missing", () -> whole(asked(chat).modelName("nobody:1b").build()));
    cases.put(
        "model_missing_stream", () -> streamed("good", asked(chat).modelName("nobody:1b").build()));
    cases.put("limit_reached", this::limitReached);
    cases.put("engine_fails", () -> streamed("good", asked(prompt("fails")).build()));
    cases.put("queue_full", this::queueFull);
  }

  Cases run(String... names) {
    Map<String, JsonNode> outcomes = new HashMap<>();
    for (String name : names) {
      outcomes.put(name, outcome(cases.get(name)));
    }
    return new Cases(outcomes);
  }

  private static JsonNode outcome(Supplier<JsonNode> action) {
    try {
      return action.get();
    } catch (RuntimeException e) {
      ObjectNode told = Json.object();
      ObjectNode error = told.putObject("error");
      error.put("type", e.getClass().getSimpleName()).put("message", e.getMessage());
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof HttpException http) {
          error.put("status", http.statusCode());
        }
      }
      return told;
    }
  }

  private String prompt(String name) {
    return prompts.path(name).asText();
  }

  private Map<String, String> shown(String key) {
    return Map.of("Authorization", "Bearer " + keys.path(key).asText());
  }

  private OllamaChatModel model(String key, boolean thinks) {
    return OllamaChatModel.builder()
        .baseUrl(url)
        .modelName(ServedSluice.MODEL)
        .customHeaders(shown(key))
        .think(thinks)
        .returnThinking(thinks)
        .timeout(LIMIT)
        // Its own retries would hide a refusal for a while.
        .maxRetries(0)
        .build();
  }

  private static ChatRequest.Builder asked(String prompt) {
    return ChatRequest.builder().messages(UserMessage.from(prompt));
  }

  private ObjectNode whole(ChatRequest request) {
    return told(model("good", false).chat(request));
  }

  private static ObjectNode told(ChatResponse response) {
    AiMessage message = response.aiMessage();
    ObjectNode told = Json.object().put("text", message.text()).put("thinking", message.thinking());
    ArrayNode calls = told.putArray("calls");
    for (ToolExecutionRequest call : message.toolExecutionRequests()) {
      calls.addObject().put("name", call.name()).set("arguments", Json.parse(call.arguments()));
    }
    if (response.finishReason() != null) {
      told.put("finish", response.finishReason().name().toLowerCase(Locale.ROOT));
    }
    return told.put("prompt_tokens", response.tokenUsage().inputTokenCount())
        .put("completion_tokens", response.tokenUsage().outputTokenCount());
  }

  private ObjectNode streamed(String key, ChatRequest request) {
    Heard heard = new Heard(Integer.MAX_VALUE);
    stream(key, request, heard);
    ObjectNode told = told(within(heard.end()));
    // What came whole at the end is the client's own sum; the pieces are what the stream brought.
    return told.put("text", heard.text()).put("pieces", heard.pieces());
  }

  private void stream(String key, ChatRequest request, Heard heard) {
    stream(key, LIMIT, request, heard);
  }

  private void stream(String key, Duration limit, ChatRequest request, Heard heard) {
    OllamaStreamingChatModel.builder()
        .baseUrl(url)
        .modelName(ServedSluice.MODEL)
        .customHeaders(shown(key))
        .think(false)
        .timeout(limit)
        .build()
        .chat(request, heard);
  }

  private ObjectNode thinking() {
    return told(model("good", true).chat(asked(prompt("chat")).build()));
  }

  private ObjectNode toolAnswered() {
    ToolExecutionRequest call =
        ToolExecutionRequest.builder()
            .id("call_1")
            .name(TOOL.name())
            .arguments("{\"city\":\"Zürich\"}")
            .build();
    return whole(
        ChatRequest.builder()
            .messages(
                UserMessage.from(prompt("chat")),
                AiMessage.from(call),
                ToolExecutionResultMessage.from(call, "sunny"))
            .toolSpecifications(TOOL)
            .build());
  }

  private ObjectNode embeddings() {
    List<TextSegment> inputs =
        prompts.path("embed").valueStream().map(one -> TextSegment.from(one.asText())).toList();
    ObjectNode told = Json.object();
    ArrayNode vectors = told.putArray("vectors");
    OllamaEmbeddingModel.builder()
        .baseUrl(url)
        .modelName(ServedSluice.EMBEDDING_MODEL)
        .customHeaders(shown("good"))
        .timeout(LIMIT)
        .maxRetries(0)
        .build()
        .embedAll(inputs)
        .content()
        .forEach(one -> vectors.add(Json.MAPPER.valueToTree(one.vector())));
    return told;
  }

  private OllamaModels models(String key) {
    return OllamaModels.builder()
        .baseUrl(url)
        .httpClientBuilder(new ShowingHeaders(shown(key)))
        .timeout(LIMIT)
        .maxRetries(0)
        .build();
  }

  private ObjectNode list(String key) {
    ObjectNode told = Json.object();
    ArrayNode names = told.putArray("models");
    models(key).availableModels().content().stream().map(OllamaModel::getModel).forEach(names::add);
    return told;
  }

  private ObjectNode show() {
    String family = models("good").modelCard(ServedSluice.MODEL).content().getDetails().getFamily();
    return Json.object().put("family", family);
  }

  private ObjectNode abort() {
    Heard heard = new Heard(3);
    stream("good", asked(prompt("endless")).build(), heard);
    within(heard.left());
    return Json.object().put("pieces", heard.pieces());
  }

  private ObjectNode limitReached() {
    OllamaChatModel limited = model("limited", false);
    limited.chat(asked(prompt("chat")).build());
    return told(limited.chat(asked(prompt("chat")).build()));
  }

  /** The first of several at a time that is refused; the others give up in the end. */
  private ObjectNode queueFull() {
    List<Heard> heard = IntStream.range(0, 8).mapToObj(i -> new Heard(1)).toList();
    CompletableFuture<Object> first =
        CompletableFuture.anyOf(heard.stream().map(Heard::end).toArray(CompletableFuture[]::new));
    for (int i = 0; i < heard.size(); i++) {
      ChatRequest request = asked(prompt("stalls") + " " + i).build();
      stream("full", PATIENCE, request, heard.get(i));
    }
    within(first);
    throw new AssertionError("one that never begins ended");
  }

  private static <T> T within(CompletableFuture<T> future) {
    try {
      return future.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException known
          ? known
          : new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException("no answer in time", e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}

package io.sluice.enginesim;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** /v1/chat/completions: from the request to the freed place in the cache. Models never reload. */
final class OpenAiCompletions {
  private static final int BLOCK_TOKENS = 16;

  private final SimConfig config;
  private final OpenAiSim sim;
  private final Cache cache;
  private final Tally tally;
  private final Faults faults;
  private final Map<String, Runner> runners = new ConcurrentHashMap<>();

  OpenAiCompletions(SimConfig config, OpenAiSim sim, Cache cache, Tally tally, Faults faults) {
    this.config = config;
    this.sim = sim;
    this.cache = cache;
    this.tally = tally;
    this.faults = faults;
  }

  void handle(Exchange exchange) throws IOException {
    try {
      Ask ask = OpenAiAsk.read(exchange.request().text());
      generate(exchange, ask, runner(ask.body().path("model").asText()));
    } catch (OpenAiRefused refused) {
      tally.failed.increment();
      exchange.json(refused.error().status(), refused.error().json());
    } catch (ClientLeft left) {
      exchange.drop();
    }
  }

  boolean admits(Request request) {
    String shown = request.headers().getOrDefault("authorization", "");
    return sim.key().isEmpty() || shown.equals("Bearer " + sim.key().get());
  }

  ObjectNode models() {
    ObjectNode body = Json.object().put("object", "list");
    ArrayNode data = body.putArray("data");
    for (SimModel model : config.models()) {
      data.addObject()
          .put("id", model.name())
          .put("object", "model")
          .put("created", 1_750_000_000)
          .put("owned_by", "engine-sim")
          .put("max_model_len", context(model));
    }
    return body;
  }

  String metrics() {
    return "# TYPE vllm:cache_config_info gauge\n"
        + "vllm:cache_config_info{block_size=\"%d\",engine=\"0\",num_gpu_blocks=\"%d\"} 1.0\n"
            .formatted(BLOCK_TOKENS, cache.tokensMax() / BLOCK_TOKENS);
  }

  /** The process dies, and what runs with it. */
  void kill() {
    runners.values().forEach(Runner::kill);
    runners.clear();
  }

  private void generate(Exchange exchange, Ask ask, Runner runner)
      throws IOException, OpenAiRefused, ClientLeft {
    if (runner.model().embeds()) {
      throw new OpenAiRefused(OpenAiError.NO_CHAT);
    }
    open(
        exchange,
        ask.prompt(),
        (drawn, close) -> inCache(new Turn(exchange, ask, runner, drawn, config), close));
  }

  /** What is done with a request that no fault ended before it began. */
  interface Work {
    void run(Faults.Drawn drawn, Runnable close) throws IOException, OpenAiRefused, ClientLeft;
  }

  /**
   * Counts a request from here to its end.
   *
   * @param prompt what its faults and its count go by
   */
  void open(Exchange exchange, String prompt, Work work)
      throws IOException, OpenAiRefused, ClientLeft {
    int run = tally.opened(prompt);
    Runnable close = Turn.once(tally::closed);
    try {
      Faults.Drawn drawn = faults.draw(prompt, run);
      if (drawn.has(FaultKind.STATUS)) {
        throw new OpenAiRefused(
            OpenAiError.like(drawn.text(FaultKind.STATUS, ""), OpenAiError.OTHER));
      }
      if (drawn.has(FaultKind.DROP)) {
        tally.failed.increment();
        close.run();
        exchange.drop();
      } else if (drawn.has(FaultKind.CONTENT_TYPE)) {
        tally.failed.increment();
        close.run();
        exchange.whole(200, "text/html", "<html><body>Welcome to the proxy</body></html>\n");
      } else {
        work.run(drawn, close);
      }
    } finally {
      close.run();
    }
  }

  private void inCache(Turn turn, Runnable close) throws IOException, OpenAiRefused, ClientLeft {
    long tokens = tokens(turn.ask(), turn.runner().settings().contextTokens());
    cache.take(turn.exchange(), tokens);
    Answer answer =
        new OpenAiAnswer(turn.exchange(), turn.ask(), turn.runner().model().name(), sim);
    turn.run(answer, 0, tally, close, Turn.Place.coldUntil(() -> cache.giveBack(tokens)));
  }

  /** What it may hold in the end; a request without max_tokens may fill its context. */
  private long tokens(Ask ask, int context) throws OpenAiRefused {
    int asked = ask.options().path("num_predict").asInt(-1);
    int output = asked > 0 ? asked : Math.max(1, context - ask.promptTokens());
    long tokens = (long) ask.promptTokens() + output;
    if (tokens > context) {
      throw new OpenAiRefused(OpenAiError.CONTEXT_VLLM);
    }
    return tokens;
  }

  Runner runner(String name) throws OpenAiRefused {
    SimModel model =
        config.models().stream()
            .filter(served -> served.name().equals(name))
            .findFirst()
            .orElseThrow(() -> new OpenAiRefused(OpenAiError.MODEL_MISSING));
    return runners.computeIfAbsent(
        name,
        absent ->
            new Runner(
                model,
                new Runner.Settings(context(model), false, new TreeMap<>()),
                config.slots(),
                SimMemory.Placed.WHOLE));
  }

  /** No longer than the cache: vLLM does not start with a longer one. */
  private int context(SimModel model) {
    int context = Math.min(config.contextTokens(), model.trainedContext());
    return (int) Math.min(context, cache.tokensMax());
  }
}

package io.sluice.enginesim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import java.io.IOException;

/** /api/embed and, for one text at a time, /api/embeddings: never streamed. */
final class OllamaEmbeddings {
  private final SimConfig config;
  private final Scheduler scheduler;
  private final Completions completions;
  private final Tally tally;
  private final Faults faults;

  OllamaEmbeddings(
      SimConfig config, Scheduler scheduler, Completions completions, Tally tally, Faults faults) {
    this.config = config;
    this.scheduler = scheduler;
    this.completions = completions;
    this.tally = tally;
    this.faults = faults;
  }

  /**
   * @param single whether it is the old verb
   */
  void handle(Exchange exchange, boolean single) throws IOException {
    try {
      EmbedAsk ask = EmbedAsk.read(exchange.request().text(), single ? "prompt" : "input");
      SimModel model = model(ask.body().path("model").asText());
      if (ask.inputs().isEmpty()) {
        load(exchange, ask, model, single);
      } else {
        completions.open(
            exchange,
            ask.text(),
            (drawn, close) ->
                onRunner(exchange, ask, model, drawn, close, answer(exchange, ask, single)));
      }
    } catch (Refused refused) {
      tally.failed.increment();
      exchange.error(refused.status(), refused.getMessage());
    } catch (ClientLeft left) {
      exchange.drop();
    }
  }

  private SimModel model(String asked) throws Refused {
    return config
        .model(asked)
        .orElseThrow(
            () -> new Refused(404, "model \"" + asked + "\" not found, try pulling it first"));
  }

  private void load(Exchange exchange, EmbedAsk ask, SimModel model, boolean single)
      throws IOException, Refused, ClientLeft {
    Completions.refuseIf(faults.drawLoad());
    Scheduler.Use use = use(exchange, ask, model);
    use.end();
    exchange.json(200, answer(exchange, ask, single).vectors(0));
  }

  private Scheduler.Use use(Exchange exchange, EmbedAsk ask, SimModel model)
      throws Refused, ClientLeft {
    Runner.Settings settings = Runner.Settings.of(ask.body().path("options"), true, model, config);
    Scheduler.Use use = scheduler.use(exchange, model, settings);
    Ask.keepAlive(ask.body()).ifPresent(use::keepAlive);
    return use;
  }

  private void onRunner(
      Exchange exchange,
      EmbedAsk ask,
      SimModel model,
      Faults.Drawn drawn,
      Runnable close,
      EmbedTurn.Answer answer)
      throws IOException, Refused, ClientLeft {
    Scheduler.Use use = use(exchange, ask, model);
    exchange.onLeave(use::end);
    try {
      Runner runner = use.runner();
      if (!model.embeds()) {
        throw new Refused(EngineError.NO_EMBEDDINGS);
      }
      boolean truncates = ask.body().path("truncate").asBoolean(true);
      if (!ask.fits(runner.settings().contextTokens()) && !truncates) {
        throw new Refused(EngineError.CONTEXT_INPUT);
      }
      Slots.Slot slot = runner.slots().take(exchange, ask.text());
      EmbedTurn turn = new EmbedTurn(new Pace(exchange, runner, drawn, config), ask, answer);
      Runnable giveBack =
          () -> {
            slot.giveBack();
            close.run();
          };
      turn.pace().occupy(tally, giveBack, free -> turn.run(tally, free));
    } finally {
      use.end();
    }
  }

  private static EmbedTurn.Answer answer(Exchange exchange, EmbedAsk ask, boolean single) {
    return new EmbedTurn.Answer() {
      @Override
      public JsonNode vectors(int tokens) {
        ObjectNode body = Json.object();
        if (single) {
          numbers(ask, body.putArray("embedding"));
          return body;
        }
        body.put("model", ask.body().path("model").asText());
        ArrayNode all = body.putArray("embeddings");
        ask.vectors().forEach(vector -> put(vector, all.addArray()));
        body.put("total_duration", 1_000_000).put("load_duration", 1_000);
        if (tokens > 0) {
          body.put("prompt_eval_count", tokens);
        }
        return body;
      }

      /** Whatever went wrong inside is a 400. */
      @Override
      public void error(String name) throws IOException {
        EngineError error = EngineError.named(name).orElse(EngineError.EMBED_CRASH);
        int status = error == EngineError.CRASH ? 400 : error.status();
        String text = error == EngineError.CRASH ? EngineError.EMBED_CRASH.text() : error.text();
        exchange.error(status, text);
      }
    };
  }

  private static void numbers(EmbedAsk ask, ArrayNode into) {
    ask.vectors().stream().findFirst().ifPresent(vector -> put(vector, into));
  }

  private static void put(float[] vector, ArrayNode into) {
    for (float number : vector) {
      into.add(number);
    }
  }
}

package io.sluice.enginesim;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.codec.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/** /api/chat and /api/generate: from the request to the freed slot. */
final class Completions {
  private final SimConfig config;
  private final Scheduler scheduler;
  private final Tally tally;
  private final Faults faults;

  Completions(SimConfig config, Scheduler scheduler, Tally tally, Faults faults) {
    this.config = config;
    this.scheduler = scheduler;
    this.tally = tally;
    this.faults = faults;
  }

  void handle(Exchange exchange, boolean chat) throws IOException {
    try {
      Ask ask = Ask.read(chat, exchange.request().text());
      SimModel model = model(ask);
      if (ask.isEmpty()) {
        loadOrUnload(exchange, ask, model);
      } else {
        generate(exchange, ask, model);
      }
    } catch (Refused refused) {
      tally.failed.increment();
      exchange.error(refused.status(), refused.getMessage());
    } catch (ClientLeft left) {
      exchange.drop();
    }
  }

  private SimModel model(Ask ask) throws Refused {
    String asked = ask.body().path("model").asText();
    SimModel model =
        config.model(asked).orElseThrow(() -> new Refused(404, "model '" + asked + "' not found"));
    if (!model.capabilities().contains("completion") && !unloads(ask)) {
      String verb = ask.chat() ? "chat" : "generate";
      throw new Refused(400, "\"" + asked + "\" does not support " + verb);
    }
    if (!ask.tools().isEmpty() && !model.capabilities().contains("tools")) {
      throw new Refused(
          400, "registry.ollama.ai/library/" + model.name() + " does not support tools");
    }
    if (ask.demandsThinking() && !model.capabilities().contains("thinking")) {
      throw new Refused(400, "\"" + asked + "\" does not support thinking");
    }
    return model;
  }

  private void loadOrUnload(Exchange exchange, Ask ask, SimModel model)
      throws IOException, Refused, ClientLeft {
    if (unloads(ask)) {
      scheduler.unload(model);
      exchange.json(200, empty(ask, model, "unload"));
      return;
    }
    refuseIf(faults.drawLoad());
    Scheduler.Use use = scheduler.use(exchange, model, settings(ask, model));
    ask.keepAlive().ifPresent(use::keepAlive);
    use.end();
    exchange.json(200, empty(ask, model, "load"));
  }

  private static boolean unloads(Ask ask) {
    return ask.isEmpty() && ask.keepAlive().filter(Duration::isZero).isPresent();
  }

  private void generate(Exchange exchange, Ask ask, SimModel model)
      throws IOException, Refused, ClientLeft {
    open(exchange, ask.prompt(), (drawn, close) -> onRunner(exchange, ask, model, drawn, close));
  }

  /** What is done with a request that no fault ended before it began. */
  interface Work {
    void run(Faults.Drawn drawn, Runnable close) throws IOException, Refused, ClientLeft;
  }

  /**
   * Counts a request from here to its end.
   *
   * @param prompt what its faults and its count go by
   */
  void open(Exchange exchange, String prompt, Work work) throws IOException, Refused, ClientLeft {
    int run = tally.opened(prompt);
    Runnable close = Turn.once(tally::closed);
    try {
      Faults.Drawn drawn = faults.draw(prompt, run);
      refuseIf(drawn);
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

  private void onRunner(
      Exchange exchange, Ask ask, SimModel model, Faults.Drawn drawn, Runnable close)
      throws IOException, Refused, ClientLeft {
    long asked = System.nanoTime();
    Scheduler.Use use = scheduler.use(exchange, model, settings(ask, model));
    // The hold ends with the client, even where the process does not notice that it left.
    exchange.onLeave(use::end);
    try {
      ask.keepAlive().ifPresent(use::keepAlive);
      Ask read = fitted(ask, use.runner());
      Slots.Slot slot = use.runner().slots().take(exchange, read.text());
      long loadNanos = System.nanoTime() - asked;
      Answer answer = new OllamaAnswer(exchange, read, model.name());
      new Turn(exchange, read, use.runner(), drawn, config)
          .run(answer, loadNanos, tally, close, Turn.Place.of(slot));
    } finally {
      use.end();
    }
  }

  private Runner.Settings settings(Ask ask, SimModel model) {
    return Runner.Settings.of(ask.options(), ask.shifts(), model, config);
  }

  static void refuseIf(Faults.Drawn drawn) throws Refused {
    if (drawn.has(FaultKind.STATUS)) {
      throw new Refused(
          EngineError.named(drawn.text(FaultKind.STATUS, "")).orElse(EngineError.OTHER));
    }
  }

  private Ask fitted(Ask ask, Runner runner) throws Refused {
    int context = runner.settings().contextTokens();
    Ask fitted = Overlong.fitted(ask, context);
    if (ask.promptTokens() > context) {
      tally.truncated.increment();
    }
    return fitted;
  }

  /** The one answer to a request without a prompt; never a stream. */
  private static ObjectNode empty(Ask ask, SimModel model, String reason) {
    ObjectNode answer =
        Json.object().put("model", model.name()).put("created_at", Instant.now().toString());
    if (ask.chat()) {
      answer.putObject("message").put("role", "assistant").put("content", "");
    } else {
      answer.put("response", "");
    }
    return answer.put("done", true).put("done_reason", reason);
  }
}

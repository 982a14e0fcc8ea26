package io.sluice.enginesim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Embedding;
import io.sluice.codec.EmbeddingCodec;
import io.sluice.codec.Json;
import java.io.IOException;

/** /v1/embeddings as vLLM has it: only where a model makes embeddings. */
final class OpenAiEmbeddings {
  private final SimConfig config;
  private final OpenAiCompletions completions;
  private final Cache cache;
  private final Tally tally;

  OpenAiEmbeddings(SimConfig config, OpenAiCompletions completions, Cache cache, Tally tally) {
    this.config = config;
    this.completions = completions;
    this.cache = cache;
    this.tally = tally;
  }

  void handle(Exchange exchange) throws IOException {
    try {
      EmbedAsk ask = EmbedAsk.read(exchange.request().text(), "input");
      Runner runner = completions.runner(ask.body().path("model").asText());
      if (!runner.model().embeds()) {
        exchange.whole(404, "application/json", "{\"detail\":\"Not Found\"}");
      } else if (ask.inputs().isEmpty()) {
        throw new OpenAiRefused(OpenAiError.BAD_REQUEST);
      } else {
        completions.open(
            exchange,
            ask.text(),
            (drawn, close) -> inCache(new Pace(exchange, runner, drawn, config), ask, close));
      }
    } catch (OpenAiRefused refused) {
      tally.failed.increment();
      exchange.json(refused.error().status(), refused.error().json());
    } catch (Refused refused) {
      tally.failed.increment();
      exchange.json(400, OpenAiError.BAD_REQUEST.json());
    } catch (ClientLeft left) {
      exchange.drop();
    }
  }

  private void inCache(Pace pace, EmbedAsk ask, Runnable close)
      throws IOException, OpenAiRefused, ClientLeft {
    int context = pace.runner().settings().contextTokens();
    if (!ask.fits(context) && !ask.body().has("truncate_prompt_tokens")) {
      throw new OpenAiRefused(OpenAiError.CONTEXT_VLLM);
    }
    long tokens = Math.min(ask.tokens(context), cache.tokensMax());
    cache.take(pace.exchange(), tokens);
    Runnable giveBack =
        () -> {
          cache.giveBack(tokens);
          close.run();
        };
    EmbedTurn turn = new EmbedTurn(pace, ask, answer(pace.exchange(), ask));
    pace.occupy(tally, giveBack, free -> turn.run(tally, free));
  }

  private static EmbedTurn.Answer answer(Exchange exchange, EmbedAsk ask) {
    return new EmbedTurn.Answer() {
      @Override
      public JsonNode vectors(int tokens) {
        ObjectNode body = Json.object().put("object", "list");
        ArrayNode data = body.putArray("data");
        for (float[] vector : ask.vectors()) {
          int index = data.size();
          put(vector, data.addObject().put("object", "embedding").put("index", index));
        }
        body.put("model", ask.body().path("model").asText());
        if (tokens > 0) {
          body.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
        }
        return body;
      }

      private void put(float[] vector, ObjectNode one) {
        if (ask.body().path("encoding_format").asText().equals("base64")) {
          one.put("embedding", EmbeddingCodec.pack(new Embedding(vector)));
          return;
        }
        ArrayNode numbers = one.putArray("embedding");
        for (float number : vector) {
          numbers.add(number);
        }
      }

      @Override
      public void error(String name) throws IOException {
        OpenAiError error = OpenAiError.like(name, OpenAiError.CRASH);
        exchange.json(error.status(), error.json());
      }
    };
  }
}

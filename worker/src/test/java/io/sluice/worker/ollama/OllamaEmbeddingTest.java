package io.sluice.worker.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FailureCode;
import io.sluice.Timings;
import io.sluice.codec.Json;
import io.sluice.enginesim.EngineSim;
import io.sluice.enginesim.SimConfig;
import io.sluice.worker.EmbeddingContract;
import io.sluice.worker.Generation.Piece;
import io.sluice.worker.ModelServer;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OllamaEmbeddingTest extends EmbeddingContract {
  @Override
  protected EngineSim simulate(SimConfig config) {
    return EngineSim.start(config);
  }

  @Override
  protected ModelServer connect(URI uri, Duration probe) {
    return new OllamaModelServer(
        uri,
        OllamaSettings.DEFAULT
            .grace(Duration.ofMillis(20), Duration.ofMillis(50))
            .probeDeadline(probe));
  }

  @Test
  void no_field_of_a_request_reloads_the_model() {
    assertThat(server().probe(POOL)).isEmpty();
    String more =
        """
        {"model":"other","keep_alive":0,"options":{"num_ctx":512,"num_batch":7,"num_gpu":1}}""";
    ask(embed(Json.parse(more).deepCopy(), "a"));
    ask(embed("b"));
    assertThat(sim().stats().loads()).isEqualTo(1);
    assertThat(sim().stats().reloads()).isZero();
  }

  @Test
  void its_times_are_the_engine_s_own() {
    assertThat(ask(embed("a")).last())
        .isInstanceOfSatisfying(
            Piece.Done.class,
            done -> {
              Timings timings = done.usage().timings().orElseThrow();
              assertThat(timings.total()).contains(Duration.ofMillis(1));
              assertThat(timings.load()).contains(Duration.ofNanos(1000));
              assertThat(timings.completion()).isEmpty();
            });
  }

  @ParameterizedTest
  @CsvSource({
    "400, 'do embedding request: Post \"http://127.0.0.1:1/v1/embeddings\": EOF', ENGINE_CRASHED",
    "400, 'error reading embed response: unexpected EOF', ENGINE_CRASHED",
    "400, 'CUDA error: out of memory', ENGINE_OUT_OF_MEMORY",
    "400, 'unexpected server status: llm server loading model', ENGINE_LOADING",
    "400, 'the input length exceeds the context length', CONTEXT_LENGTH_EXCEEDED",
    "400, 'invalid input type', INVALID_REQUEST",
    "400, 'embedding contains NaN or Inf values', INVALID_REQUEST",
    "404, 'model \"x\" not found, try pulling it first', ENGINE_MODEL_MISSING",
    "500, 'something else', ENGINE_ERROR",
    "501, 'This server does not support embeddings.', INVALID_REQUEST",
  })
  void a_400_says_nothing_of_whose_fault_it_is(int status, String text, FailureCode code) {
    assertThat(FailureMapping.ofEmbedding(status, text).code()).isEqualTo(code);
  }
}

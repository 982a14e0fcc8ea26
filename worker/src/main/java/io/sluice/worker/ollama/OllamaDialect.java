package io.sluice.worker.ollama;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.codec.Json;
import io.sluice.worker.Generation.Piece;
import io.sluice.worker.http.Dialect;
import java.util.List;

/** NDJSON: each line stands for itself, so that nothing is remembered between two. */
enum OllamaDialect implements Dialect, Dialect.Reading {
  INSTANCE;

  @Override
  public boolean speaks(String contentType) {
    return contentType.contains("json");
  }

  @Override
  public Failure refusal(int status, String body) {
    try {
      return FailureMapping.of(status, Chunk.errorText(Json.MAPPER.readTree(body)));
    } catch (JsonProcessingException e) {
      return FailureMapping.of(status, "");
    }
  }

  @Override
  public Reading reading() {
    return this;
  }

  @Override
  public List<Piece> pieces(String line) {
    return Chunk.pieces(line);
  }

  @Override
  public List<Piece> end() {
    return List.of(new Piece.Failed(FailureMapping.of(FailureCode.ENGINE_ENDED_EARLY)));
  }
}

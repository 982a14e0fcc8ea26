package io.sluice.worker.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.codec.Json;
import io.sluice.worker.Generation.Piece;
import java.util.List;
import java.util.Optional;

/** The probabilities of tokens that come beside the text that the tokens made, or without any. */
public final class Logprobs {
  private Logprobs() {}

  /**
   * Puts them on the last piece of text; where a line made none, since its tokens belong to a
   * tool's call or are held back, on a piece without text.
   *
   * @param pieces of one line, which may be changed
   * @param logprobs a list, or anything else for none
   */
  public static void put(List<Piece> pieces, JsonNode logprobs) {
    if (!logprobs.isArray() || logprobs.isEmpty()) {
      return;
    }
    Optional<String> those = Optional.of(Json.write(logprobs));
    for (int i = pieces.size() - 1; i >= 0; i--) {
      if (pieces.get(i) instanceof Piece.Text(String text, Optional<String> none)) {
        pieces.set(i, new Piece.Text(text, those));
        return;
      }
      if (pieces.get(i) instanceof Piece.Thinking(String text, Optional<String> none)) {
        pieces.set(i, new Piece.Thinking(text, those));
        return;
      }
    }
    pieces.add(new Piece.Text("", those));
  }
}

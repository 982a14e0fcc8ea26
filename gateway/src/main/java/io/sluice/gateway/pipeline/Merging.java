package io.sluice.gateway.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.sluice.codec.Json;
import io.sluice.gateway.pipeline.split.Part;
import io.sluice.gateway.pipeline.task.Answer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Brings the answers to parts together without a model. */
final class Merging {
  /** What stands for a part that failed. */
  private static final String GAP = "[…]";

  private Merging() {}

  /** An answer to a part; empty text stands for one that failed. */
  record Piece(Part part, Answer.Good answer) {}

  /**
   * The label that most of the document has, by tokens, with the reason of its longest part; of two
   * with as much the one that comes first.
   */
  static JsonNode label(List<Piece> pieces) {
    Map<String, Long> tokens = new LinkedHashMap<>();
    pieces.forEach(piece -> tokens.merge(label(piece), (long) piece.part().tokens(), Long::sum));
    String most = pieces.getFirst().answer().value().path("label").asText();
    for (Map.Entry<String, Long> one : tokens.entrySet()) {
      most = one.getValue() > tokens.get(most) ? one.getKey() : most;
    }
    Piece longest = null;
    for (Piece piece : pieces) {
      boolean longer = longest == null || piece.part().tokens() > longest.part().tokens();
      longest = label(piece).equals(most) && longer ? piece : longest;
    }
    ObjectNode result = Json.object().put("label", most);
    result.put("reason", longest.answer().value().path("reason").asText(""));
    return result;
  }

  private static String label(Piece piece) {
    return piece.answer().value().path("label").asText();
  }

  /**
   * The answers one after the other, with the white space between them that the document has there.
   *
   * @param parts all of the document
   * @param pieces of those that were answered, in order
   */
  static JsonNode translation(String text, List<Part> parts, List<Piece> pieces) {
    Map<Integer, String> answers = new LinkedHashMap<>();
    pieces.forEach(piece -> answers.put(piece.part().index(), piece.answer().text().strip()));
    StringBuilder whole = new StringBuilder();
    for (Part part : parts) {
      whole.append(answers.getOrDefault(part.index(), GAP)).append(trailing(part.of(text)));
    }
    return TextNode.valueOf(whole.toString().strip());
  }

  private static String trailing(String part) {
    return part.substring(part.stripTrailing().length());
  }

  /** Each answer after the other. */
  static JsonNode list(List<Piece> pieces) {
    return TextNode.valueOf(
        String.join("\n\n", pieces.stream().map(piece -> piece.answer().text().strip()).toList()));
  }
}

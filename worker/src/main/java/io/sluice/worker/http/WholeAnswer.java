package io.sluice.worker.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import io.sluice.FailureCode;
import io.sluice.codec.Json;
import io.sluice.worker.Generation.Piece;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * An answer that is one JSON document and no stream: gathered, bounded, and read when it is whole.
 */
public final class WholeAnswer implements Dialect.Reading {
  /** A million numbers as they are written at the longest. */
  public static final int BYTES_MAX = 24 * 1024 * 1024;

  private static final ObjectReader PART =
      Json.MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final Document document;
  private final List<String> lines = new ArrayList<>();
  private long chars;

  public WholeAnswer(Document document) {
    this.document = document;
  }

  /** Reads one document from its first token on. */
  public interface Document {
    List<Piece> read(JsonParser json) throws IOException;
  }

  /** The small value at which a parser stands, as a tree. */
  public static JsonNode value(JsonParser json) throws IOException {
    return PART.readTree(json);
  }

  @Override
  public List<Piece> pieces(String line) {
    chars += line.length() + 1;
    if (chars > BYTES_MAX) {
      return failed(FailureCode.OUTPUT_TOO_LARGE);
    }
    lines.add(line);
    return List.of();
  }

  @Override
  public List<Piece> end() {
    String text = lines.size() == 1 ? lines.getFirst() : String.join("\n", lines);
    if (text.isBlank()) {
      return failed(FailureCode.ENGINE_ENDED_EARLY);
    }
    try (JsonParser json = Json.MAPPER.createParser(text)) {
      json.nextToken();
      return document.read(json);
    } catch (Vectors.Unfit e) {
      return List.of(new Piece.Failed(e.why()));
    } catch (JsonProcessingException e) {
      return failed(isCut(e, text) ? FailureCode.ENGINE_ENDED_EARLY : FailureCode.ENGINE_PROTOCOL);
    } catch (IOException e) {
      throw new IllegalStateException("a string cannot fail to be read", e);
    }
  }

  /** Whether it is JSON as far as it goes. */
  private static boolean isCut(JsonProcessingException e, String text) {
    return e.getLocation() != null && e.getLocation().getCharOffset() >= text.length();
  }

  private static List<Piece> failed(FailureCode code) {
    return List.of(new Piece.Failed(ErrorTable.of(code)));
  }
}

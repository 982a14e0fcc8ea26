package io.sluice.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The one JSON parser of every part, so that no two parts read the same bytes differently: no
 * duplicate keys, no trailing text, bounded depth and numbers. Names are not kept: those of a
 * stranger would fill a table of the whole process.
 */
public final class Json {
  /** Names, values and brackets of one document that comes from outside. */
  private static final int TOKENS_MAX = 200_000;

  /** What Sluice itself writes may hold such a document, and has no bound on its parts. */
  public static final ObjectMapper MAPPER = mapper(constraints().build());

  /** Reads what comes from outside. */
  public static final ObjectMapper OUTSIDE =
      mapper(constraints().maxTokenCount(TOKENS_MAX).build());

  private static StreamReadConstraints.Builder constraints() {
    return StreamReadConstraints.builder()
        .maxNestingDepth(64)
        .maxNumberLength(100)
        .maxNameLength(256)
        .maxStringLength(16 * 1024 * 1024);
  }

  private static ObjectMapper mapper(StreamReadConstraints constraints) {
    return JsonMapper.builder(
            JsonFactory.builder()
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .streamReadConstraints(constraints)
                .build())
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .build();
  }

  private Json() {}

  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** Reads what Sluice itself wrote; anything else is a {@link CodecException}. */
  public static JsonNode parse(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new CodecException("not JSON: " + e.getOriginalMessage(), e);
    } catch (NumberFormatException | ArithmeticException e) {
      throw new CodecException("not JSON: a number has an exponent that is too large", e);
    }
  }

  public static String write(JsonNode node) {
    return node.toString();
  }

  /**
   * The same for streams of lines. Readers split those where Unicode ends a line, as ollama-python
   * does, so the three characters that JSON leaves as they are and that end one are escaped.
   */
  public static String line(JsonNode node) {
    String text = write(node);
    // They can only be in strings: nothing else of JSON has them.
    return text.indexOf('\u0085') < 0 && text.indexOf('\u2028') < 0 && text.indexOf('\u2029') < 0
        ? text
        : text.replace("\u0085", "\\u0085")
            .replace("\u2028", "\\u2028")
            .replace("\u2029", "\\u2029");
  }
}

package io.sluice.gateway.submit;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.codec.Json;
import io.sluice.gateway.problem.Problem;
import io.sluice.gateway.problem.ProblemCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Reads the JSON of clients so that no other reader can find something else in it: UTF-8 and
 * nothing else, no name twice, no number that others would round to infinity, no half of a
 * character. What it says of a fault is its own sentence, with a place, and never the client's
 * text.
 */
public final class StrictJson {
  private static final int CHUNK_CHARS = 8 * 1024;

  /** The range of a double, which is what most readers hold a number in (RFC 8259 section 6). */
  private static final int EXPONENT_MAX = 308;

  private StrictJson() {}

  /** Refuses what is not JSON. */
  public static JsonNode parse(byte[] body) {
    if (!isUtf8(body)) {
      throw ProblemCode.MALFORMED_JSON.with("The body is not UTF-8.").refusal();
    }
    try {
      JsonNode json = Json.OUTSIDE.readTree(body);
      if (json.isMissingNode()) {
        throw ProblemCode.MALFORMED_JSON.with("The body is empty.").refusal();
      }
      return json;
    } catch (JsonProcessingException e) {
      throw malformed(e).refusal();
    } catch (NumberFormatException | ArithmeticException e) {
      // The parser lets these through where an exponent has more digits than an int.
      throw ProblemCode.MALFORMED_JSON
          .with("A number has an exponent that is too large.")
          .refusal();
    } catch (IOException e) {
      throw new UncheckedIOException("a byte array cannot fail to be read", e);
    }
  }

  private static Problem malformed(JsonProcessingException e) {
    JsonLocation place = e.getLocation();
    int line = place == null ? 1 : place.getLineNr();
    int column = place == null ? 1 : place.getColumnNr();
    return ProblemCode.MALFORMED_JSON
        .with("Line " + line + ", column " + column + ": " + sentence(e))
        .member("line", line)
        .member("column", column);
  }

  private static String sentence(JsonProcessingException e) {
    if (e instanceof StreamConstraintsException) {
      return "it is nested deeper than 64, has more than 200,000 parts, or a name or a number is"
          + " too long.";
    }
    return e.getOriginalMessage().startsWith("Duplicate field")
        ? "a name comes twice in one object."
        : "here it is not JSON any more.";
  }

  /**
   * Strictly: no overlong forms, no surrogates. The parser would take both, and a zero among the
   * first bytes for UTF-16 or UTF-32.
   */
  private static boolean isUtf8(byte[] body) {
    for (int i = 0; i < Math.min(body.length, 4); i++) {
      if (body[i] == 0) {
        return false;
      }
    }
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(body);
    CharBuffer out = CharBuffer.allocate(Math.min(CHUNK_CHARS, body.length + 2));
    CoderResult result = decoder.decode(in, out, true);
    while (result.isOverflow()) {
      out.clear();
      result = decoder.decode(in, out, true);
    }
    return !result.isError();
  }

  /** Notes the strings and numbers that are JSON, but not the same to every reader. */
  public static void check(JsonNode json, Faults faults) {
    check("", json, faults);
  }

  private static void check(String pointer, JsonNode node, Faults faults) {
    if (node.isTextual()) {
      whole(pointer, node.textValue(), faults);
    } else if (node.isBigDecimal()) {
      finite(pointer, node.decimalValue(), faults);
    } else if (node.isObject()) {
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        String at = Fields.at(pointer, field.getKey());
        whole(at, field.getKey(), faults);
        check(at, field.getValue(), faults);
      }
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        check(pointer + "/" + i, node.get(i), faults);
      }
    }
  }

  private static void whole(String pointer, String text, Faults faults) {
    for (int i = 0; i < text.length(); i++) {
      if (!Character.isSurrogate(text.charAt(i))) {
        continue;
      }
      boolean pair =
          i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
      if (!pair) {
        faults.add(pointer, "It has half of a surrogate pair, which is no character.");
        return;
      }
      i++;
    }
  }

  private static void finite(String pointer, BigDecimal number, Faults faults) {
    long exponent = (long) number.precision() - number.scale() - 1;
    if (Math.abs(exponent) > EXPONENT_MAX) {
      faults.add(pointer, "A number must be between 1e-308 and 1e308 in size.");
    }
  }
}

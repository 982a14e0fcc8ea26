package io.sluice.worker.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.Job;
import io.sluice.codec.CodecException;
import io.sluice.codec.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The fields of an embed job.
 *
 * @param inputs at least one text
 * @param dimensions how many numbers each vector is to have; the model decides where it is empty
 * @param truncate whether an input that is longer than the context may be cut
 */
public record EmbedRequest(List<String> inputs, OptionalInt dimensions, boolean truncate) {
  public EmbedRequest {
    inputs = List.copyOf(inputs);
  }

  /**
   * @throws CodecException if the job's request is no object, or asks nothing: an empty input is
   *     how Ollama is told to load
   */
  public static EmbedRequest of(Job job) {
    JsonNode request = Json.parse(job.request());
    JsonNode input = request.path("input");
    List<String> texts = new ArrayList<>();
    if (input.isTextual()) {
      texts.add(input.textValue());
    }
    input.forEach(text -> texts.add(text.asText()));
    if (texts.stream().allMatch(String::isEmpty)) {
      throw new CodecException("the input is empty");
    }
    JsonNode dimensions = request.path("dimensions");
    return new EmbedRequest(
        texts,
        dimensions.isInt() ? OptionalInt.of(dimensions.intValue()) : OptionalInt.empty(),
        request.path("truncate").asBoolean(false));
  }

  /** The shortest one, which proves that a model embeds. */
  public static EmbedRequest probe() {
    return new EmbedRequest(List.of("Hi"), OptionalInt.empty(), false);
  }
}

package io.sluice.worker.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The weights of a model, tensor by tensor, as {@code /api/show} lists them.
 *
 * @param embeddingElements of the token embedding: vocabulary times hidden size
 * @param gpuBytes of all that goes to a GPU: everything but the token embedding, and that too where
 *     it serves as the output layer
 */
record Tensors(long embeddingElements, long gpuBytes) {
  private static final String EMBEDDING = "token_embd.weight";
  private static final String OUTPUT = "output.weight";

  /** Bytes per block and elements per block, of ggml's types. */
  private record Block(int bytes, int elements) {}

  private static final Map<String, Block> TYPES =
      Map.ofEntries(
          Map.entry("F32", new Block(4, 1)),
          Map.entry("F16", new Block(2, 1)),
          Map.entry("BF16", new Block(2, 1)),
          Map.entry("Q4_0", new Block(18, 32)),
          Map.entry("Q4_1", new Block(20, 32)),
          Map.entry("Q5_0", new Block(22, 32)),
          Map.entry("Q5_1", new Block(24, 32)),
          Map.entry("Q8_0", new Block(34, 32)),
          Map.entry("MXFP4", new Block(17, 32)),
          Map.entry("IQ4_NL", new Block(18, 32)),
          Map.entry("Q2_K", new Block(84, 256)),
          Map.entry("Q3_K", new Block(110, 256)),
          Map.entry("Q4_K", new Block(144, 256)),
          Map.entry("Q5_K", new Block(176, 256)),
          Map.entry("Q6_K", new Block(210, 256)),
          Map.entry("IQ4_XS", new Block(136, 256)));

  /** Nothing where there are none, or one has a type that is not known here. */
  static Optional<Tensors> of(JsonNode list) {
    long embedding = 0;
    long embeddingBytes = 0;
    long bytes = 0;
    boolean hasOutput = false;
    for (JsonNode tensor : list) {
      long elements = elements(tensor.path("shape"));
      OptionalLong size = bytes(tensor.path("type").asText(), elements);
      if (size.isEmpty() || elements < 1) {
        return Optional.empty();
      }
      String name = tensor.path("name").asText();
      bytes += size.getAsLong();
      hasOutput |= name.equals(OUTPUT);
      if (name.equals(EMBEDDING)) {
        embedding = elements;
        embeddingBytes = size.getAsLong();
      }
    }
    return embedding == 0
        ? Optional.empty()
        : Optional.of(new Tensors(embedding, hasOutput ? bytes - embeddingBytes : bytes));
  }

  /** The bytes of so many elements of a type, where it is known. */
  static OptionalLong bytes(String type, long elements) {
    Block block = TYPES.get(type);
    return block == null
        ? OptionalLong.empty()
        : OptionalLong.of(Math.ceilDiv(elements, block.elements()) * block.bytes());
  }

  private static long elements(JsonNode shape) {
    long product = shape.isEmpty() ? 0 : 1;
    for (JsonNode length : shape) {
      product *= Math.max(0, length.asLong());
    }
    return product;
  }
}

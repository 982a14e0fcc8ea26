package io.sluice.codec;

import io.sluice.Embedding;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;

/**
 * Vectors as text: packed, for the stores and for clients that ask for {@code base64}, or as JSON.
 * Both keep every bit of a number.
 */
public final class EmbeddingCodec {
  private EmbeddingCodec() {}

  /** Its numbers as little-endian floats of 32 bits, in base64. */
  public static String pack(Embedding vector) {
    ByteBuffer bytes = ByteBuffer.allocate(vector.dimensions() * Float.BYTES);
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < vector.dimensions(); i++) {
      bytes.putFloat(vector.value(i));
    }
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  /** Reads what {@link #pack} wrote, as other programs write it, too. */
  public static Embedding unpack(String packed) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(packed));
      float[] values = new float[bytes.remaining() / Float.BYTES];
      if (values.length * Float.BYTES != bytes.remaining()) {
        throw new CodecException("a vector of " + bytes.remaining() + " bytes");
      }
      bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
      return new Embedding(values);
    } catch (IllegalArgumentException e) {
      throw new CodecException("not a vector: " + e.getMessage(), e);
    }
  }

  /** Lists of numbers in a list, as JSON text: as a tree it would take several times the room. */
  public static String json(List<Embedding> vectors) {
    StringBuilder json = new StringBuilder("[");
    for (Embedding vector : vectors) {
      json.append(json.length() > 1 ? "," : "");
      append(json, vector);
    }
    return json.append(']').toString();
  }

  /** A list of numbers, as JSON text. */
  public static String json(Embedding vector) {
    StringBuilder json = new StringBuilder();
    append(json, vector);
    return json.toString();
  }

  private static void append(StringBuilder json, Embedding vector) {
    for (int i = 0; i < vector.dimensions(); i++) {
      json.append(i == 0 ? '[' : ',').append(vector.value(i));
    }
    json.append(']');
  }
}

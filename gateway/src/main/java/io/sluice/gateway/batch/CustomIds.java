package io.sluice.gateway.batch;

import io.sluice.codec.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/** The names of lines that have come so far; of each only a digest is kept, however long it is. */
final class CustomIds {
  private final Set<Digest> seen = new HashSet<>();

  /** Whether no line had it before. */
  boolean add(String customId) {
    byte[] text = customId.getBytes(StandardCharsets.UTF_8);
    ByteBuffer digest = ByteBuffer.wrap(Sha256.digest().digest(text));
    return seen.add(new Digest(digest.getLong(), digest.getLong()));
  }

  private record Digest(long high, long low) {}
}

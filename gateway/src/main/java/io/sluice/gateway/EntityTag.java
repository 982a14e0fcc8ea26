package io.sluice.gateway;

import io.sluice.codec.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** The ETag of a representation: a digest of its bytes. */
record EntityTag(String text) {
  private static final int DIGEST_BYTES = 16;

  static EntityTag of(String representation) {
    byte[] digest = Sha256.digest().digest(representation.getBytes(StandardCharsets.UTF_8));
    byte[] start = Arrays.copyOf(digest, DIGEST_BYTES);
    return new EntityTag('"' + Base64.getUrlEncoder().withoutPadding().encodeToString(start) + '"');
  }

  /** Whether an If-None-Match header names it. */
  boolean isIn(String header) {
    return Arrays.stream(header.split(","))
        .map(String::strip)
        .map(tag -> tag.startsWith("W/") ? tag.substring(2) : tag)
        .anyMatch(tag -> tag.equals(text) || tag.equals("*"));
  }
}

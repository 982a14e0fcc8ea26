package io.sluice.gateway;

import io.sluice.codec.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * The ETag of a job: a digest of what is said of it, but for its wait. Weak (RFC 9110 section
 * 8.8.1), since two answers with the same tag may differ in that; else a waiting client would be
 * answered at every move of the queue.
 */
record EntityTag(String text) {
  private static final int DIGEST_BYTES = 16;

  static EntityTag of(String representation) {
    byte[] digest = Sha256.digest().digest(representation.getBytes(StandardCharsets.UTF_8));
    byte[] start = Arrays.copyOf(digest, DIGEST_BYTES);
    return new EntityTag(
        "W/\"" + Base64.getUrlEncoder().withoutPadding().encodeToString(start) + '"');
  }

  /** Whether an If-None-Match header names it. */
  boolean isIn(String header) {
    return Arrays.stream(header.split(","))
        .map(String::strip)
        .map(EntityTag::opaque)
        .anyMatch(tag -> tag.equals(opaque(text)) || tag.equals("*"));
  }

  private static String opaque(String tag) {
    return tag.startsWith("W/") ? tag.substring(2) : tag;
  }
}

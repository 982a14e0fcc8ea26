package io.sluice.file;

import io.sluice.codec.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What a line says of its place in the chain, read from its bytes without parsing the JSON.
 *
 * @param intact whether the line has the hash that it says
 */
record Link(long seq, String prev, String hash, boolean intact) {
  /** The {@code prev} of the very first entry. */
  static final String NONE = "0".repeat(64);

  private static final int HASH_CHARS = 64;
  private static final byte[] SEQ = ascii("{\"seq\":");
  private static final byte[] PREV = ascii(",\"prev\":\"");
  private static final byte[] HASH = ascii(",\"hash\":\"");
  private static final byte[] END = ascii("\"}");
  private static final int HASH_PART = HASH.length + HASH_CHARS + END.length;
  private static final int PREV_PART = PREV.length + HASH_CHARS + 1;

  /** Reads a line without its end; empty if it does not even have the form of one. */
  static Optional<Link> read(byte[] line, int from, int to, MessageDigest sha) {
    int hashFrom = to - HASH_PART;
    int prevFrom = hashFrom - PREV_PART;
    if (prevFrom < from + SEQ.length
        || !has(line, from, SEQ)
        || !has(line, prevFrom, PREV)
        || line[hashFrom - 1] != '"'
        || !has(line, hashFrom, HASH)
        || !has(line, to - END.length, END)) {
      return Optional.empty();
    }
    long seq = number(line, from + SEQ.length);
    if (seq < 1) {
      return Optional.empty();
    }
    String hash = text(line, hashFrom + HASH.length);
    sha.update(line, from, hashFrom - from);
    sha.update((byte) '}');
    boolean intact = HexFormat.of().formatHex(sha.digest()).equals(hash);
    return Optional.of(new Link(seq, text(line, prevFrom + PREV.length), hash, intact));
  }

  /** Whether it is as it was written, and in its place. */
  boolean follows(long expected, String before) {
    return intact && seq == expected && prev.equals(before);
  }

  static Optional<Link> read(byte[] line) {
    return read(line, 0, line.length, Sha256.digest());
  }

  /** A positive number that ends with a comma, or -1. */
  private static long number(byte[] line, int from) {
    long number = 0;
    int at = from;
    while (at < line.length && line[at] >= '0' && line[at] <= '9' && at - from < 18) {
      number = number * 10 + (line[at++] - '0');
    }
    return at > from && at < line.length && line[at] == ',' ? number : -1;
  }

  private static boolean has(byte[] line, int at, byte[] part) {
    return at >= 0
        && at + part.length <= line.length
        && Arrays.equals(line, at, at + part.length, part, 0, part.length);
  }

  private static String text(byte[] line, int from) {
    return new String(line, from, HASH_CHARS, StandardCharsets.ISO_8859_1);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}

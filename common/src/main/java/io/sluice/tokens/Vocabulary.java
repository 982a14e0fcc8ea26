package io.sluice.tokens;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** A vendored vocabulary: one token in base64 and its rank per line, compressed. */
record Vocabulary(Map<byte[], Integer> ranks) {
  static Vocabulary read(String resource) {
    try (InputStream file = Vocabulary.class.getResourceAsStream(resource)) {
      if (file == null) {
        throw new IllegalStateException("the vocabulary " + resource + " is not on the class path");
      }
      return read(file);
    } catch (IOException e) {
      throw new UncheckedIOException("the vocabulary " + resource + " cannot be read", e);
    }
  }

  private static Vocabulary read(InputStream file) throws IOException {
    // jtokkit takes arrays as keys and wraps them itself: identity is enough here.
    Map<byte[], Integer> ranks = HashMap.newHashMap(160_000);
    BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(new GZIPInputStream(file), StandardCharsets.US_ASCII));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      int space = line.indexOf(' ');
      byte[] token = Base64.getDecoder().decode(line.substring(0, space));
      ranks.put(token, Integer.parseInt(line, space + 1, line.length(), 10));
    }
    return new Vocabulary(ranks);
  }
}

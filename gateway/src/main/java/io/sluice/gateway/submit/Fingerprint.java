package io.sluice.gateway.submit;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.codec.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/**
 * SHA-256 over a submission in canonical form: the order of fields, white space and the spelling of
 * strings do not matter.
 */
public final class Fingerprint {
  private final MessageDigest sha256;

  private Fingerprint(MessageDigest sha256) {
    this.sha256 = sha256;
  }

  /**
   * @param session the session that a header names, or an empty text
   */
  public static String of(JsonNode body, String session) {
    Fingerprint print = new Fingerprint(Sha256.digest());
    print.node(body);
    print.text(session);
    return HexFormat.of().formatHex(print.sha256.digest());
  }

  private void node(JsonNode node) {
    if (node.isObject()) {
      object(node);
    } else if (node.isArray()) {
      mark('[', node.size());
      node.forEach(this::node);
    } else if (node.isTextual()) {
      text(node.textValue());
    } else {
      mark('v', 0);
      text(node.toString());
    }
  }

  private void object(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    Collections.sort(names);
    mark('{', names.size());
    for (String name : names) {
      text(name);
      node(node.get(name));
    }
  }

  private void text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    mark('"', bytes.length);
    sha256.update(bytes);
  }

  /** Every part says its kind and length, so that no two submissions have the same form. */
  private void mark(char kind, int length) {
    sha256.update((kind + Integer.toString(length) + ":").getBytes(StandardCharsets.US_ASCII));
  }
}

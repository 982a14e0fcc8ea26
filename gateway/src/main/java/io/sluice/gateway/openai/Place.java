package io.sluice.gateway.openai;

import io.sluice.gateway.submit.Fields;
import java.util.regex.Pattern;

/** Where something is in a request, as OpenAI writes it: {@code messages[0].content}. */
final class Place {
  private static final Pattern NUMBER = Pattern.compile("/([0-9]+)(?=/|$)");

  private Place() {}

  static String of(Fields fields, String name) {
    return of(fields.pointer() + "/" + name);
  }

  /** Of a JSON pointer (RFC 6901). */
  static String of(String pointer) {
    String path = NUMBER.matcher(pointer).replaceAll("[$1]").replace('/', '.');
    String plain = path.startsWith(".") ? path.substring(1) : path;
    return plain.replace("~1", "/").replace("~0", "~");
  }
}

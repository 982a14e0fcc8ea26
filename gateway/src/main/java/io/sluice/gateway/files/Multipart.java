package io.sluice.gateway.files;

import io.sluice.gateway.Parameters;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a form (RFC 7578) part by part as it comes, with one buffer of fixed size, whatever it
 * holds. Refuses what is none, and parts whose heads are too long. Used by one thread.
 */
final class Multipart {
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int HEAD_BYTES_MAX = 8 * 1024;
  private static final int PREAMBLE_BYTES_MAX = 1024;

  private static final Pattern BOUNDARY =
      Pattern.compile(
          "(?i)multipart/form-data\\s*;(?:.*;)?\\s*boundary=(?:\"([^\"]{1,70})\"|([^\\s;\"]{1,70}))\\s*(?:;.*)?");
  private static final Pattern DISPOSITION =
      Pattern.compile("(?i)content-disposition:\\s*form-data\\s*(;.*)?");

  /** Possessive: else each character of a value takes up a frame of the stack. */
  private static final Pattern PARAMETER =
      Pattern.compile(";\\s*([a-zA-Z*]+)=(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^\\s;\"]*))\\s*");

  private final InputStream in;
  private final byte[] delimiter;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int from;
  private int to;
  private boolean inPart;

  Multipart(InputStream in, String boundary) {
    this.in = in;
    this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
    // So that the first boundary, before which no line ends, is like the others.
    buffer[to++] = '\r';
    buffer[to++] = '\n';
  }

  /** The boundary that a content type names, if it is that of a form. */
  static Optional<String> boundary(Optional<String> contentType) {
    return contentType
        .map(BOUNDARY::matcher)
        .filter(Matcher::matches)
        .map(found -> Optional.ofNullable(found.group(1)).orElseGet(() -> found.group(2)));
  }

  /** What the head of a part says of it. */
  record Part(String name, Optional<String> filename) {}

  /** The next part, what is left of this one being passed over; empty at the end of the form. */
  Optional<Part> next() throws IOException {
    skip(inPart ? Long.MAX_VALUE : PREAMBLE_BYTES_MAX);
    from += delimiter.length;
    inPart = true;
    String rest = line(HEAD_BYTES_MAX);
    if (rest.startsWith("--")) {
      return Optional.empty();
    }
    if (!rest.isBlank()) {
      throw malformed("a boundary is followed by something else than a part");
    }
    return Optional.of(head());
  }

  private void skip(long max) throws IOException {
    byte[] some = new byte[8 * 1024];
    long skipped = 0;
    for (int got = read(some); got >= 0; got = read(some)) {
      skipped += got;
      if (skipped > max) {
        throw malformed("it does not begin with its boundary");
      }
    }
  }

  private Part head() throws IOException {
    int left = HEAD_BYTES_MAX;
    Optional<Part> part = Optional.empty();
    for (String line = line(left); !line.isEmpty(); line = line(left)) {
      left -= line.length() + 2;
      Matcher disposition = DISPOSITION.matcher(line);
      if (disposition.matches()) {
        part = Optional.of(part(Optional.ofNullable(disposition.group(1)).orElse("")));
      }
      if (line.toLowerCase(Locale.ROOT)
          .matches("content-transfer-encoding:\\s*(base64|quoted.*)")) {
        throw malformed("a part is encoded for mail");
      }
    }
    return part.orElseThrow(() -> malformed("a part has no name"));
  }

  private static Part part(String parameters) {
    Matcher found = PARAMETER.matcher(parameters);
    Optional<String> name = Optional.empty();
    Optional<String> filename = Optional.empty();
    int end = 0;
    while (found.find() && found.start() == end) {
      end = found.end();
      String value =
          Optional.ofNullable(found.group(2))
              .map(quoted -> quoted.replaceAll("\\\\([\"\\\\])", "$1"))
              .orElseGet(() -> found.group(3));
      switch (found.group(1).toLowerCase(Locale.ROOT)) {
        case "name" -> name = Optional.of(value);
        case "filename" -> filename = filename.or(() -> Optional.of(value));
        case "filename*" -> filename = Optional.of(extended(value));
        default -> {}
      }
    }
    if (end < parameters.length()) {
      throw malformed("the head of a part cannot be read");
    }
    return new Part(name.orElseThrow(() -> malformed("a part has no name")), filename);
  }

  /** As RFC 5987 writes what is not ASCII; RFC 7578 wants none of it, and some clients send it. */
  private static String extended(String value) {
    Matcher utf8 = Pattern.compile("(?i)utf-8'[^']*'(.*)").matcher(value);
    try {
      return utf8.matches()
          ? URLDecoder.decode(utf8.group(1).replace("+", "%2B"), StandardCharsets.UTF_8)
          : value;
    } catch (IllegalArgumentException e) {
      return value;
    }
  }

  /** One line of a head, without its end. */
  private String line(int max) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      if (from == to && !fill()) {
        throw cut();
      }
      byte octet = buffer[from++];
      if (octet == '\n') {
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
      }
      line.write(octet);
      if (line.size() > max) {
        throw malformed("the head of a part is longer than " + HEAD_BYTES_MAX + " bytes");
      }
    }
  }

  /** Bytes of the part, at least one; negative at its end. */
  int read(byte[] target) throws IOException {
    while (true) {
      int end = delimiter();
      int ready = Math.min(target.length, end < 0 ? to - from - delimiter.length + 1 : end - from);
      if (ready > 0) {
        System.arraycopy(buffer, from, target, 0, ready);
        from += ready;
        return ready;
      }
      if (end >= 0) {
        return -1;
      }
      if (!fill()) {
        throw cut();
      }
    }
  }

  /** Where the delimiter begins in what was read; negative if it is not there, or not whole. */
  private int delimiter() {
    for (int at = from; at + delimiter.length <= to; at++) {
      int same = 0;
      while (same < delimiter.length && buffer[at + same] == delimiter[same]) {
        same++;
      }
      if (same == delimiter.length) {
        return at;
      }
    }
    return -1;
  }

  private boolean fill() throws IOException {
    System.arraycopy(buffer, from, buffer, 0, to - from);
    to -= from;
    from = 0;
    int got = in.read(buffer, to, buffer.length - to);
    to += Math.max(got, 0);
    return got >= 0;
  }

  private static RuntimeException cut() {
    return malformed("it ends before its last boundary");
  }

  private static RuntimeException malformed(String what) {
    return Parameters.malformed("The form cannot be read: " + what + ".").closing().refusal();
  }
}

package io.sluice.enginesim;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One HTTP/1.1 request. */
record Request(String method, String path, Map<String, String> headers, byte[] body) {
  private static final int LINE_BYTES_MAX = 16 * 1024;
  private static final int HEADERS_MAX = 100;
  private static final int BODY_BYTES_MAX = 64 * 1024 * 1024;

  /**
   * Reads the next request of a connection; empty where the connection ends.
   *
   * @param askForBody called before the body of a client that waits to be asked for it
   */
  static Optional<Request> read(InputStream in, Runnable askForBody) throws IOException {
    String first = line(in);
    if (first.isEmpty()) {
      return Optional.empty();
    }
    String[] parts = first.split(" ");
    if (parts.length != 3) {
      throw new IOException("no HTTP request");
    }
    Map<String, String> headers = headers(in);
    if ("100-continue".equalsIgnoreCase(headers.get("expect"))) {
      askForBody.run();
    }
    String path = parts[1].split("\\?", 2)[0];
    return Optional.of(new Request(parts[0], path, headers, body(in, headers)));
  }

  boolean closes() {
    return "close".equalsIgnoreCase(headers.get("connection"));
  }

  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  private static Map<String, String> headers(InputStream in) throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      if (colon < 1 || headers.size() == HEADERS_MAX) {
        throw new IOException("bad header");
      }
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return headers;
  }

  private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
    if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
      return chunks(in);
    }
    return exactly(in, size(headers.getOrDefault("content-length", "0"), 10));
  }

  private static byte[] chunks(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      int size = size(line(in).split(";")[0].strip(), 16);
      if (size + body.size() > BODY_BYTES_MAX) {
        throw new IOException("body too large");
      }
      body.writeBytes(exactly(in, size));
      line(in);
      if (size == 0) {
        return body.toByteArray();
      }
    }
  }

  private static int size(String text, int radix) throws IOException {
    try {
      int size = Integer.parseInt(text, radix);
      if (size >= 0 && size <= BODY_BYTES_MAX) {
        return size;
      }
    } catch (NumberFormatException e) {
      throw new IOException("bad length", e);
    }
    throw new IOException("body too large");
  }

  private static byte[] exactly(InputStream in, int size) throws IOException {
    byte[] bytes = in.readNBytes(size);
    if (bytes.length < size) {
      throw new IOException("body cut short");
    }
    return bytes;
  }

  /** A line without its end; empty at the end of the connection too. */
  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder(64);
    for (int b = in.read(); b != '\n' && b != -1; b = in.read()) {
      if (line.length() == LINE_BYTES_MAX) {
        throw new IOException("line too long");
      }
      line.append((char) b);
    }
    int end = line.length();
    return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
  }
}

package io.sluice.cli.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads server-sent events as WHATWG HTML section 9.2.6 says: lines end in CR, LF or both, comments
 * are skipped, and an event that was cut off is dropped. Used by one thread.
 */
final class EventParser {
  /** An end event carries a whole job, whose output a log bounds far below this. */
  private static final int MAX_EVENT_BYTES = 64 * 1024 * 1024;

  private final InputStream in;
  private final StringBuilder data = new StringBuilder();
  private String type = "";
  private String lastId;
  private boolean afterCr;
  private boolean first = true;

  EventParser(InputStream in, String lastId) {
    this.in = new BufferedInputStream(in, 16 * 1024);
    this.lastId = lastId;
  }

  /** The next event; empty when the stream is over. */
  Optional<ServerSentEvent> next() throws IOException {
    for (Optional<String> line = line(); line.isPresent(); line = line()) {
      if (!line.get().isEmpty()) {
        field(line.get());
      } else if (!data.isEmpty()) {
        return Optional.of(take());
      } else {
        type = "";
      }
    }
    return Optional.empty();
  }

  private ServerSentEvent take() {
    data.setLength(data.length() - 1);
    ServerSentEvent event =
        new ServerSentEvent(lastId, type.isEmpty() ? "message" : type, data.toString());
    data.setLength(0);
    type = "";
    return event;
  }

  private void field(String line) throws IOException {
    int colon = line.indexOf(':');
    String name = colon < 0 ? line : line.substring(0, colon);
    String value = colon < 0 ? "" : line.substring(colon + 1);
    value = value.startsWith(" ") ? value.substring(1) : value;
    switch (name) {
      case "data" -> append(value);
      case "event" -> type = value;
      case "id" -> lastId = value.indexOf('\0') < 0 ? value : lastId;
      default -> {
        // A comment, a retry hint, or what a newer server may say.
      }
    }
  }

  private void append(String value) throws IOException {
    if (data.length() + value.length() > MAX_EVENT_BYTES) {
      throw new IOException("an event is longer than " + MAX_EVENT_BYTES + " bytes");
    }
    data.append(value).append('\n');
  }

  /** A line without its end; empty at the end of the stream, where a half line is dropped. */
  private Optional<String> line() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    for (int b = in.read(); b >= 0; b = in.read()) {
      boolean endsCrLf = afterCr && b == '\n' && bytes.size() == 0;
      afterCr = b == '\r';
      if (endsCrLf) {
        continue;
      }
      if (b == '\n' || b == '\r') {
        return Optional.of(decode(bytes));
      }
      if (bytes.size() >= MAX_EVENT_BYTES) {
        throw new IOException("a line is longer than " + MAX_EVENT_BYTES + " bytes");
      }
      bytes.write(b);
    }
    return Optional.empty();
  }

  private String decode(ByteArrayOutputStream bytes) {
    String line = bytes.toString(StandardCharsets.UTF_8);
    if (first) {
      first = false;
      return line.startsWith("\uFEFF") ? line.substring(1) : line;
    }
    return line;
  }
}

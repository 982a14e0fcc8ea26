package io.sluice.enginesim;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.codec.Json;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A request and its answer. Written by one thread; another one, which reads the connection, says
 * when the client has {@link #leave left}.
 */
final class Exchange {
  private static final int BUFFER_BYTES = 8 * 1024;
  private static final Duration RESET_AFTER = Duration.ofMillis(100);
  private static final byte[] CRLF = {'\r', '\n'};

  private final Socket socket;
  private final Request request;
  private final OutputStream out;
  private final CountDownLatch left = new CountDownLatch(1);
  private final AtomicReference<Runnable> onLeave = new AtomicReference<>(() -> {});
  private boolean cut;
  private boolean answered;

  Exchange(Socket socket, Request request) throws IOException {
    this.socket = socket;
    this.request = request;
    this.out = new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES);
  }

  Request request() {
    return request;
  }

  boolean answered() {
    return answered;
  }

  /** Says that the client closed the connection. */
  void leave() {
    left.countDown();
    onLeave.get().run();
  }

  boolean hasLeft() {
    return left.getCount() == 0;
  }

  /** Runs this when the client leaves; at once if it has. It may run twice. */
  void onLeave(Runnable action) {
    onLeave.getAndUpdate(
        earlier ->
            () -> {
              earlier.run();
              action.run();
            });
    if (hasLeft()) {
      action.run();
    }
  }

  /** Waits, and is woken when the client leaves. */
  void pause(Duration time) throws ClientLeft {
    try {
      if (left.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new ClientLeft();
      }
    } catch (InterruptedException e) {
      throw new ClientLeft();
    }
  }

  /** From now on every line goes out in pieces that cut characters in two. */
  void cutCharacters() {
    cut = true;
  }

  void json(int status, JsonNode body) throws IOException {
    whole(status, "application/json; charset=utf-8", Json.write(body));
  }

  void error(int status, String text) throws IOException {
    json(status, Json.object().put("error", text));
  }

  void whole(int status, String type, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    head(status, type, "Content-Length: " + body.length);
    if (!request.method().equals("HEAD")) {
      out.write(body);
    }
    out.flush();
  }

  void startStream(String type) throws IOException {
    head(200, type, "Transfer-Encoding: chunked");
  }

  /** One line of the stream; may wait in the buffer until {@link #flush}. */
  void line(String text) throws IOException {
    byte[] line = (text + "\n").getBytes(StandardCharsets.UTF_8);
    if (!cut) {
      chunk(line, 0, line.length);
      return;
    }
    int from = 0;
    for (int i = 1; i < line.length; i++) {
      boolean insideCharacter = (line[i] & 0xc0) == 0x80;
      if (insideCharacter || i == line.length / 2) {
        chunk(line, from, i - from);
        out.flush();
        from = i;
      }
    }
    chunk(line, from, line.length - from);
    out.flush();
  }

  void flush() throws IOException {
    out.flush();
  }

  void endStream() throws IOException {
    out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  /** Cuts the connection with a TCP reset, when the client had time to read what came before. */
  void reset() throws IOException, ClientLeft {
    out.flush();
    pause(RESET_AFTER);
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Closes the connection. */
  void drop() throws IOException {
    socket.close();
  }

  private void head(int status, String type, String length) throws IOException {
    answered = true;
    String head =
        "HTTP/1.1 %d %s\r\nContent-Type: %s\r\n%s\r\n%s\r\n"
            .formatted(
                status,
                status == 200 ? "OK" : "Error",
                type,
                length,
                request.closes() ? "Connection: close\r\n" : "");
    out.write(head.getBytes(StandardCharsets.US_ASCII));
  }

  private void chunk(byte[] bytes, int from, int length) throws IOException {
    if (length > 0) {
      out.write(Integer.toHexString(length).getBytes(StandardCharsets.US_ASCII));
      out.write(CRLF);
      out.write(bytes, from, length);
      out.write(CRLF);
    }
  }
}

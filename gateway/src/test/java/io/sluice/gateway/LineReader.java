package io.sluice.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.codec.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** A client of a stream of lines that keeps every byte it got; it may leave at any time. */
final class LineReader implements AutoCloseable {
  final List<String> lines = new CopyOnWriteArrayList<>();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CompletableFuture<HttpResponse<InputStream>> response;
  private final Thread thread;
  private volatile boolean ended;
  private volatile boolean cut;

  private LineReader(CompletableFuture<HttpResponse<InputStream>> response) {
    this.response = response;
    this.thread = Thread.ofVirtual().start(this::read);
  }

  /** Asks, and reads whatever comes; does not wait for the status. */
  static LineReader post(TestGateway sluice, String path, String body, String... headers) {
    return send(sluice, "POST", path, body, headers);
  }

  /** The same of a stream that is there already. */
  static LineReader get(TestGateway sluice, String path, String... headers) {
    return send(sluice, "GET", path, "", headers);
  }

  private static LineReader send(
      TestGateway sluice, String method, String path, String body, String... headers) {
    return new LineReader(
        sluice
            .client()
            .sendAsync(
                sluice.request(method, path, body, headers),
                HttpResponse.BodyHandlers.ofInputStream())
            .whenComplete(
                (answer, broken) -> {
                  if (answer != null) {
                    Observed.add(method, path, answer.statusCode());
                  }
                }));
  }

  private void read() {
    try (InputStream in = response.join().body()) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int octet = in.read(); octet >= 0; octet = in.read()) {
        bytes.write(octet);
        if (octet == '\n') {
          lines.add(line.toString(StandardCharsets.UTF_8));
          line.reset();
        } else {
          line.write(octet);
        }
      }
    } catch (IOException | RuntimeException broken) {
      cut = true;
    }
    ended = true;
  }

  boolean hasStatus() {
    return response.isDone();
  }

  int status() {
    return response.join().statusCode();
  }

  String header(String name) {
    return response.join().headers().firstValue(name).orElse("");
  }

  boolean isEnded() {
    return ended;
  }

  /** Whether it ended in any other way than with the end of the answer. */
  boolean isCut() {
    return cut;
  }

  List<JsonNode> json() {
    return lines.stream().map(Json::parse).toList();
  }

  String body() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }

  /** Leaves, wherever it is. */
  @Override
  public void close() {
    response.cancel(true);
    if (response.isDone() && !response.isCompletedExceptionally()) {
      try {
        response.join().body().close();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}

package io.sluice.worker.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One question with one whole answer, bounded in size and, body included, in time. */
public record Call(HttpClient http) {
  private static final int BODY_BYTES_MAX = 16 * 1024 * 1024;

  /** What came back, whatever the status. */
  public record Answer(int status, String body) {}

  /** A call that is given up, or interrupted, is cancelled. */
  public Answer ask(HttpRequest request, Duration within)
      throws IOException, TimeoutException, InterruptedException {
    CompletableFuture<HttpResponse<InputStream>> sent =
        http.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream());
    try {
      return sent.thenApplyAsync(Call::read, http.executor().orElseThrow())
          .get(within.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } finally {
      if (!sent.cancel(true) && !sent.isCompletedExceptionally()) {
        sent.join().body().close();
      }
    }
  }

  private static Answer read(HttpResponse<InputStream> response) {
    try (InputStream body = response.body()) {
      byte[] bytes = body.readNBytes(BODY_BYTES_MAX);
      if (bytes.length == BODY_BYTES_MAX) {
        throw new IOException("an answer of more than " + BODY_BYTES_MAX + " bytes");
      }
      return new Answer(response.statusCode(), new String(bytes, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

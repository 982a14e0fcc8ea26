package io.sluice.gateway.webhook;

import io.sluice.gateway.webhook.Sender.Answer;
import io.sluice.gateway.webhook.Sender.Problem;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * One request and its answer, all of it before one deadline. The body of the answer is thrown away
 * while it comes, and the connection is closed where there is too much of it. Everything happens on
 * one event loop.
 */
final class Exchange {
  private static final int ANSWER_BODY_MAX = 64 * 1024;
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,6}");

  private final Context context;
  private final Vertx vertx;
  private final HttpClient client;
  private final Duration deadline;
  private final Promise<Answer> answer = Promise.promise();

  // Used on the event loop only.
  private Optional<HttpClientRequest> request = Optional.empty();
  private Optional<Answer> status = Optional.empty();
  private long read;
  private long timer;

  Exchange(Vertx vertx, HttpClient client, Duration deadline) {
    this.context = vertx.getOrCreateContext();
    this.vertx = vertx;
    this.client = client;
    this.deadline = deadline;
  }

  /** Completes once the connection is of no use any more. */
  Future<Answer> answer() {
    return answer.future();
  }

  Exchange begin(RequestOptions options, byte[] body) {
    context.runOnContext(go -> send(options, Buffer.buffer(body)));
    return this;
  }

  /** Nobody waits for the answer any more. */
  void abort() {
    context.runOnContext(stop -> end(new Answer.None(Problem.TIMEOUT, "given up")));
  }

  private void send(RequestOptions options, Buffer body) {
    timer =
        vertx.setTimer(
            deadline.toMillis(),
            late -> end(new Answer.None(Problem.TIMEOUT, "no answer in time")));
    client
        .request(options)
        .onSuccess(ready -> send(ready, body))
        .onFailure(e -> end(none(e, false)));
  }

  private void send(HttpClientRequest ready, Buffer body) {
    request = Optional.of(ready);
    if (answer.future().isComplete()) {
      ready.connection().close();
      return;
    }
    ready.send(body).onSuccess(this::head).onFailure(e -> end(none(e, true)));
  }

  /** The status decides; the body is only read so that its sender is not cut off. */
  private void head(HttpClientResponse head) {
    Optional<Duration> retryAfter =
        Optional.ofNullable(head.getHeader("Retry-After"))
            .filter(text -> SECONDS.matcher(text).matches())
            .map(text -> Duration.ofSeconds(Long.parseLong(text)));
    Answer known = new Answer.Status(head.statusCode(), retryAfter);
    status = Optional.of(known);
    head.exceptionHandler(e -> end(known));
    head.endHandler(done -> end(known));
    head.handler(
        piece -> {
          read += piece.length();
          if (read > ANSWER_BODY_MAX) {
            end(known);
          }
        });
  }

  private void end(Answer last) {
    vertx.cancelTimer(timer);
    request.ifPresent(it -> it.connection().close());
    answer.tryComplete(status.orElse(last));
  }

  private static Answer none(Throwable e, boolean connected) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException) {
        return new Answer.None(Problem.TLS_FAILED, e.toString());
      }
      if (cause instanceof ConnectException) {
        return new Answer.None(Problem.UNREACHABLE, e.toString());
      }
    }
    return new Answer.None(
        connected ? Problem.BROKEN_ANSWER : Problem.UNREACHABLE, String.valueOf(e));
  }
}

package io.sluice.gateway.files;

import io.sluice.FileStore;
import io.sluice.Subscription;
import io.sluice.gateway.problem.EarlyEnd;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends bytes of a file, on a virtual thread of its own, each piece when the one before is sent.
 * Who takes no piece for too long is cut off.
 */
final class Download implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Download.class);
  private static final int PIECE_BYTES = 64 * 1024;

  private final RoutingContext http;
  private final Context context;
  private final FileStore.Content content;
  private final long length;
  private final Subscription place;
  private final Duration patience;

  Download(
      RoutingContext http,
      FileStore.Content content,
      long length,
      Subscription place,
      Duration patience) {
    this.http = http;
    this.context = http.vertx().getOrCreateContext();
    this.content = content;
    this.length = length;
    this.place = place;
    this.patience = patience;
  }

  void start() {
    Thread.ofVirtual().name("sluice-download").start(this);
  }

  @Override
  public void run() {
    try (content) {
      send();
      context.runOnContext(here -> http.response().end());
    } catch (IOException | RuntimeException | ExecutionException | TimeoutException e) {
      LOG.debug("a file was not sent to its end: {}", e.toString());
      context.runOnContext(here -> EarlyEnd.cut(http.request()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      place.close();
    }
  }

  private void send()
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    byte[] piece = new byte[PIECE_BYTES];
    for (long left = length; left > 0; ) {
      int got = content.stream().read(piece, 0, (int) Math.min(piece.length, left));
      if (got < 0) {
        throw new IOException("the file is shorter than it was");
      }
      left -= got;
      write(Buffer.buffer(got).appendBytes(piece, 0, got));
    }
  }

  private void write(Buffer piece)
      throws InterruptedException, ExecutionException, TimeoutException {
    Promise<Void> sent = Promise.promise();
    context.runOnContext(here -> http.response().write(piece).onComplete(sent));
    sent.future()
        .toCompletionStage()
        .toCompletableFuture()
        .get(patience.toMillis(), TimeUnit.MILLISECONDS);
  }
}

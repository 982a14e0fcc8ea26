package io.sluice.worker.http;

import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.worker.Generation;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One streamed answer. A thread of its own reads the connection and turns every way in which it can
 * end into exactly one last piece.
 */
public final class StreamedGeneration implements Generation {
  private static final Logger LOG = LoggerFactory.getLogger(StreamedGeneration.class);
  private static final int ERROR_BYTES_MAX = 64 * 1024;
  private static final int TAIL_BYTES_MAX = 1024;

  /** How long the bytes behind the last line may take, so that the connection can be used again. */
  private static final Duration TAIL_DEADLINE = Duration.ofMillis(100);

  private final StreamBounds bounds;
  private final Dialect dialect;
  private final Dialect.Reading reading;
  private final CompletableFuture<HttpResponse<InputStream>> answer;
  private final PieceQueue pieces = new PieceQueue();
  private final ReentrantLock closing = new ReentrantLock();
  private final Thread reader;
  private volatile boolean flowing;
  private volatile boolean ended;
  private boolean closed;

  private StreamedGeneration(
      CompletableFuture<HttpResponse<InputStream>> answer, Dialect dialect, StreamBounds bounds) {
    this.answer = answer;
    this.dialect = dialect;
    this.bounds = bounds;
    reading = dialect.reading();
    reader = Thread.ofVirtual().name("engine-read").unstarted(this::read);
  }

  /** Sends a request whose answer is a stream of lines. */
  public static Generation start(
      HttpClient http, HttpRequest request, Dialect dialect, StreamBounds bounds) {
    StreamedGeneration generation =
        new StreamedGeneration(
            http.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream()), dialect, bounds);
    generation.reader.start();
    return generation;
  }

  /** A generation that failed before anything was sent. */
  public static Generation failed(Failure why) {
    PieceQueue pieces = new PieceQueue();
    pieces.put(new Piece.Failed(why));
    return new Generation() {
      @Override
      public Piece next(Duration within) {
        return pieces.take(within);
      }

      @Override
      public void close() {
        pieces.close();
      }
    };
  }

  @Override
  public Piece next(Duration within) {
    return pieces.take(within);
  }

  /**
   * Waits a grace, since the server lets go of the slot only a little later and never says when;
   * none where the answer had ended by itself. Whoever closes second returns after the first.
   */
  @Override
  public void close() {
    pieces.close();
    closing.lock();
    try {
      if (!closed) {
        closed = true;
        cut();
      }
    } finally {
      closing.unlock();
    }
  }

  private void cut() {
    boolean cutShort = !ended;
    try {
      if (!cutShort) {
        reader.join(TAIL_DEADLINE);
      }
      if (!answer.cancel(true) && !answer.isCompletedExceptionally()) {
        closeQuietly(answer.join().body());
      }
      if (cutShort) {
        Thread.sleep(flowing ? bounds.graceFlowing() : bounds.gracePrefill());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read() {
    try {
      HttpResponse<InputStream> response = answer.join();
      try (InputStream body = response.body()) {
        if (response.statusCode() != 200) {
          end(dialect.refusal(response.statusCode(), text(body)));
        } else if (!dialect.speaks(contentType(response))) {
          end(ErrorTable.of(FailureCode.ENGINE_PROTOCOL));
        } else {
          read(body);
        }
      }
    } catch (CancellationException e) {
      LOG.trace("Closed before it was answered");
    } catch (CompletionException e) {
      LOG.debug("No answer: {}", String.valueOf(e.getCause()));
      end(ErrorTable.of(FailureCode.ENGINE_UNREACHABLE));
    } catch (IOException e) {
      LOG.debug("The connection was cut: {}", e.toString());
      end(ErrorTable.of(FailureCode.ENGINE_CRASHED));
    } catch (RuntimeException e) {
      LOG.error("A bug in reading an answer", e);
      end(ErrorTable.of(FailureCode.ENGINE_PROTOCOL));
    }
  }

  private void read(InputStream body) throws IOException {
    Lines lines = new Lines(body, bounds.lineBytesMax());
    try {
      for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
        if (put(reading.pieces(line.get()))) {
          // The end of the stream follows at once; whoever reads it can use the connection again.
          body.readNBytes(TAIL_BYTES_MAX);
          return;
        }
      }
      put(reading.end());
    } catch (Lines.TooLong e) {
      end(ErrorTable.of(FailureCode.OUTPUT_TOO_LARGE));
    } catch (CharacterCodingException e) {
      end(ErrorTable.of(FailureCode.ENGINE_PROTOCOL));
    }
  }

  /** Whether one of them was the last. */
  private boolean put(List<Piece> read) {
    for (Piece piece : read) {
      flowing = true;
      ended = isLast(piece);
      pieces.put(piece);
      if (ended) {
        return true;
      }
    }
    return false;
  }

  private static boolean isLast(Piece piece) {
    return switch (piece) {
      case Piece.Done done -> true;
      case Piece.Failed failed -> true;
      case Piece.Closed closed -> true;
      case Piece.Text text -> false;
      case Piece.Thinking thinking -> false;
      case Piece.ToolCall call -> false;
      case Piece.Vectors vectors -> false;
      case Piece.Silence silence -> false;
    };
  }

  private void end(Failure why) {
    if (!ended) {
      ended = true;
      pieces.put(new Piece.Failed(why));
    }
  }

  private static String text(InputStream body) throws IOException {
    return new String(body.readNBytes(ERROR_BYTES_MAX), StandardCharsets.UTF_8);
  }

  private static String contentType(HttpResponse<InputStream> response) {
    return response.headers().firstValue("Content-Type").orElse("");
  }

  private static void closeQuietly(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      LOG.trace("Closing: {}", e.toString());
    }
  }
}

package io.sluice.worker.ollama;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.codec.Json;
import io.sluice.worker.Generation;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
final class StreamedGeneration implements Generation {
  private static final Logger LOG = LoggerFactory.getLogger(StreamedGeneration.class);
  private static final int ERROR_BYTES_MAX = 64 * 1024;

  /** How long the bytes behind the last line may take, so that the connection can be used again. */
  private static final Duration TAIL_DEADLINE = Duration.ofMillis(100);

  private final OllamaSettings settings;
  private final CompletableFuture<HttpResponse<InputStream>> answer;
  private final PieceQueue pieces = new PieceQueue();
  private final ReentrantLock closing = new ReentrantLock();
  private final Thread reader;
  private volatile boolean flowing;
  private volatile boolean ended;
  private boolean closed;

  private StreamedGeneration(
      CompletableFuture<HttpResponse<InputStream>> answer, OllamaSettings settings) {
    this.answer = answer;
    this.settings = settings;
    reader = Thread.ofVirtual().name("ollama-read").unstarted(this::read);
  }

  static Generation start(HttpClient http, HttpRequest request, OllamaSettings settings) {
    StreamedGeneration generation =
        new StreamedGeneration(
            http.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream()), settings);
    generation.reader.start();
    return generation;
  }

  /** A generation that failed before anything was sent. */
  static Generation failed(Failure why) {
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
        Thread.sleep(flowing ? settings.graceFlowing() : settings.gracePrefill());
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
          end(refusal(response.statusCode(), body));
        } else if (!isJson(response)) {
          end(FailureMapping.of(FailureCode.ENGINE_PROTOCOL));
        } else {
          read(body);
        }
      }
    } catch (CancellationException e) {
      LOG.trace("Closed before it was answered");
    } catch (CompletionException e) {
      LOG.debug("No answer: {}", String.valueOf(e.getCause()));
      end(FailureMapping.of(FailureCode.ENGINE_UNREACHABLE));
    } catch (IOException e) {
      LOG.debug("The connection was cut: {}", e.toString());
      end(FailureMapping.of(FailureCode.ENGINE_CRASHED));
    } catch (RuntimeException e) {
      LOG.error("A bug in reading an answer", e);
      end(FailureMapping.of(FailureCode.ENGINE_PROTOCOL));
    }
  }

  private void read(InputStream body) throws IOException {
    Lines lines = new Lines(body, settings.lineBytesMax());
    try {
      for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
        for (Piece piece : Chunk.pieces(line.get())) {
          flowing = true;
          ended = Chunk.isLast(piece);
          pieces.put(piece);
          if (ended) {
            // The end of the stream follows at once; whoever reads it can use the connection again.
            body.read();
            return;
          }
        }
      }
      end(FailureMapping.of(FailureCode.ENGINE_ENDED_EARLY));
    } catch (Lines.TooLong e) {
      end(FailureMapping.of(FailureCode.OUTPUT_TOO_LARGE));
    } catch (CharacterCodingException e) {
      end(FailureMapping.of(FailureCode.ENGINE_PROTOCOL));
    }
  }

  private void end(Failure why) {
    if (!ended) {
      ended = true;
      pieces.put(new Piece.Failed(why));
    }
  }

  private static Failure refusal(int status, InputStream body) throws IOException {
    String text = new String(body.readNBytes(ERROR_BYTES_MAX), StandardCharsets.UTF_8);
    return FailureMapping.of(status, errorText(text));
  }

  private static String errorText(String body) {
    try {
      return Chunk.errorText(Json.MAPPER.readTree(body));
    } catch (JsonProcessingException e) {
      return "";
    }
  }

  private static boolean isJson(HttpResponse<InputStream> response) {
    return response.headers().firstValue("Content-Type").orElse("").contains("json");
  }

  private static void closeQuietly(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      LOG.trace("Closing: {}", e.toString());
    }
  }
}

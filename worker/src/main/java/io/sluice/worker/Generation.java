package io.sluice.worker;

import io.sluice.Embedding;
import io.sluice.Failure;
import io.sluice.Usage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One answer while it is being generated. Read by one thread; {@link #close} may be called by any
 * other, and ends a waiting {@link #next} with {@link Piece.Closed}.
 */
public interface Generation extends AutoCloseable {
  /** The next piece, waited for at most this long. After a last piece it is not called again. */
  Piece next(Duration within);

  /**
   * Closes the connection, which cancels what is still running, and returns when the server's slot
   * may be used again. Closing twice is harmless.
   */
  @Override
  void close();

  /** What comes out of a model server: a closed choice. */
  sealed interface Piece {
    /**
     * An empty text is only a sign of life, or the probabilities of tokens that made none.
     *
     * @param logprobs those of its tokens, as {@link io.sluice.Output#logprobs} has them
     */
    record Text(String text, Optional<String> logprobs) implements Piece {
      public Text(String text) {
        this(text, Optional.empty());
      }
    }

    record Thinking(String text, Optional<String> logprobs) implements Piece {
      public Thinking(String text) {
        this(text, Optional.empty());
      }
    }

    /** A whole call, as the JSON object that the engine sent. */
    record ToolCall(String json) implements Piece {}

    /** One vector for each input of an embed job, in their order. */
    record Vectors(List<Embedding> vectors) implements Piece {
      public Vectors {
        vectors = List.copyOf(vectors);
      }
    }

    /**
     * The only success, and the last piece.
     *
     * @param lengthReached whether the output limit ended it
     * @param usage with timings where the engine says any
     */
    record Done(boolean lengthReached, Usage usage) implements Piece {}

    /** The last piece: it went wrong. */
    record Failed(Failure why) implements Piece {}

    /** Nothing came within the time; the generation goes on. */
    record Silence() implements Piece {}

    /** The last piece: somebody closed the generation. */
    record Closed() implements Piece {}
  }
}

package io.sluice.worker.http;

import io.sluice.Failure;
import io.sluice.worker.Generation.Piece;
import java.util.List;

/** How one kind of model server writes its streams and its errors. */
public interface Dialect {
  /** Whether a stream may come as this content type; a proxy's page does not. */
  boolean speaks(String contentType);

  /** Why nothing is generated: an answer with another status than 200. */
  Failure refusal(int status, String body);

  /** Reads one answer from its first line on. */
  Reading reading();

  /** One answer while it is read, by one thread. */
  interface Reading {
    /** The pieces of the next line; nothing is read after a last one. */
    List<Piece> pieces(String line);

    /** What it means that the stream is over without a last piece: at least that one. */
    List<Piece> end();
  }
}

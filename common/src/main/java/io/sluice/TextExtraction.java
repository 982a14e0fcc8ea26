package io.sluice;

import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Makes plain text of a document. Documents are hostile: whatever one holds, it costs no more than
 * its bounds, and no other document anything.
 *
 * <p>Safe from any thread.
 */
public interface TextExtraction {
  /**
   * Reads the document to its end, or to where it is refused. Blocks for as long as the bounds
   * allow, and for its turn where too many are extracted at a time: never call it on an event loop.
   * Fails with {@link Unavailable} where extraction itself is out of order, which says nothing
   * about the document; what a document is guilty of is a value.
   *
   * @param document its bytes; the caller closes it
   * @param filename as its owner wrote it, a hint at its type; empty if it has none
   */
  Extraction extract(InputStream document, String filename, Bounds bounds);

  /**
   * What one document may cost.
   *
   * @param bytesMax of the document as it is stored
   * @param charactersMax of its text, in UTF-16 units
   * @param timeMax from its turn to its end
   */
  record Bounds(long bytesMax, int charactersMax, Duration timeMax) {
    public Bounds {
      if (bytesMax < 1 || charactersMax < 1 || !timeMax.isPositive()) {
        throw new IllegalArgumentException("bounds of an extraction must be positive");
      }
    }
  }

  /** What became of a document. */
  sealed interface Extraction {}

  /**
   * Its text.
   *
   * @param text well-formed Unicode in NFC without NUL, with {@code \n} at the ends of lines; never
   *     blank
   * @param pageStarts where each page begins in the text, in UTF-16 units: the first is 0, and none
   *     is less than the one before; empty for types without pages
   * @param type the media type that the document was found to be, without parameters
   * @param title as the document itself says it, one line
   */
  record Extracted(String text, List<Integer> pageStarts, String type, Optional<String> title)
      implements Extraction {
    public Extracted {
      pageStarts = List.copyOf(pageStarts);
    }

    public Extracted(String text, List<Integer> pageStarts, String type) {
      this(text, pageStarts, type, Optional.empty());
    }
  }

  /**
   * No text can be had from it.
   *
   * @param message a sentence for the document's owner; it names no path of this machine
   */
  record Refused(Reason reason, String message) implements Extraction {}

  /** Why a document has no text. */
  enum Reason {
    /** More bytes than {@link Bounds#bytesMax}. */
    TOO_LARGE,
    /** More characters of text than {@link Bounds#charactersMax}. */
    TOO_LONG,
    /** More pages than a document may have. */
    TOO_MANY_PAGES,
    /** Not one of the types that text is extracted from. */
    UNSUPPORTED,
    /** It is not what its name says. */
    WRONG_TYPE,
    /** It can be read only with a password. */
    ENCRYPTED,
    /** It is broken. */
    DAMAGED,
    /** It has no text, as a scan has none. */
    EMPTY,
    /**
     * It wanted more memory or depth than a document may cost, or unpacks to far more than it is.
     */
    TOO_COSTLY,
    /** It wanted more time than {@link Bounds#timeMax}. */
    TIMED_OUT,
    /** What extracted it ended, as by a fault of its own. Another try may succeed. */
    CRASHED;

    /** Its name in answers: {@code document_encrypted}. */
    public String code() {
      return "document_" + name().toLowerCase(Locale.ROOT);
    }
  }
}

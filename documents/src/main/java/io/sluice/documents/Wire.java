package io.sluice.documents;

/**
 * How a server and its reading process speak, in the forms of {@link java.io.DataOutputStream}.
 *
 * <p>The process says {@link #READY} once. For each document it is sent {@link #DOCUMENT}, the
 * name, the most characters, and the bytes in pieces: their count, then they; {@link #WHOLE} ends
 * them, {@link #GIVEN_UP} takes the document back, which has no answer.
 *
 * <p>It answers {@link #EXTRACTED}, type, title, count of pages and their starts, length of the
 * text, and the text as UTF-8 in pieces up to {@link #WHOLE}; or {@link #REFUSED}, the reason and
 * the message. Either ends with {@link #GO_ON} or {@link #SPENT}: it wants to be replaced.
 */
public final class Wire {
  public static final int READY = 1;
  public static final int DOCUMENT = 2;
  public static final int EXTRACTED = 3;
  public static final int REFUSED = 4;
  public static final int GO_ON = 5;
  public static final int SPENT = 6;

  public static final int WHOLE = 0;
  public static final int GIVEN_UP = -1;

  /** The most bytes in a piece. */
  public static final int PIECE_MAX = 1 << 20;

  /** The most characters of a name or a message. */
  public static final int WORDS_MAX = 1_000;

  /** The most pages of a document. */
  public static final int PAGES_MAX = 10_000;

  private Wire() {}
}

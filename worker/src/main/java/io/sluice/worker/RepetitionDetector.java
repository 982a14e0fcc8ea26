package io.sluice.worker;

/**
 * Notices a model that says the same again and again: one piece many times in a row, or an answer
 * whose end is one short block repeated. Small models do so until their output limit. Costs a few
 * steps per character and 8 Ki characters of memory.
 */
final class RepetitionDetector {
  /** The limit at which Ollama itself gives up, blank pieces included. */
  static final int SAME_PIECES_MOST = 100;

  static final int WINDOW = 8 * 1024;
  private static final int PERIOD_MOST = 512;
  private static final int CHECK_EVERY = 1024;

  private final char[] ring = new char[WINDOW];
  private long seen;
  private long nextCheck = WINDOW;
  private String last = "";
  private int same;

  /** Takes the next piece; says whether the text has run away. */
  boolean add(String piece) {
    return samePiece(piece.strip()) | repeatedBlock(piece);
  }

  private boolean samePiece(String piece) {
    same = piece.equals(last) ? same + 1 : 1;
    last = piece.length() <= PERIOD_MOST ? piece : "";
    return same > SAME_PIECES_MOST;
  }

  private boolean repeatedBlock(String piece) {
    for (int i = 0; i < piece.length(); i++) {
      ring[(int) (seen++ % WINDOW)] = piece.charAt(i);
    }
    if (seen < nextCheck) {
      return false;
    }
    nextCheck = seen + CHECK_EVERY;
    return shortestPeriod() <= PERIOD_MOST;
  }

  /** The shortest distance at which the window repeats itself, by the prefix function of KMP. */
  private int shortestPeriod() {
    short[] border = new short[WINDOW];
    int length = 0;
    for (int i = 1; i < WINDOW; i++) {
      while (length > 0 && at(i) != at(length)) {
        length = border[length - 1];
      }
      length += at(i) == at(length) ? 1 : 0;
      border[i] = (short) length;
    }
    return WINDOW - length;
  }

  private char at(int index) {
    return ring[(int) ((seen + index) % WINDOW)];
  }
}

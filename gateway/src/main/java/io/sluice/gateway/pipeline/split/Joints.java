package io.sluice.gateway.pipeline.split;

/** Where a text may be cut if it must be cut anywhere: not within what a reader sees as one. */
final class Joints {
  private static final int JOINER = 0x200D;

  /** A cluster of more characters than this is no writing, and cut. */
  private static final int CLUSTER_CHARS_MAX = 32;

  private Joints() {}

  /** The last place up to this one, and after {@code from}, that parts no character. */
  static int lastUpTo(String text, int place, int from) {
    int floor = Math.max(from, place - CLUSTER_CHARS_MAX);
    for (int i = place; i > floor; i--) {
      if (isOpen(text, i)) {
        return i;
      }
    }
    boolean splitsPair = splitsPair(text, place);
    return splitsPair ? (place - 1 > from ? place - 1 : place + 1) : place;
  }

  /** Whether nothing that a reader sees as one character reaches over this place. */
  static boolean isOpen(String text, int place) {
    if (place <= 0 || place >= text.length()) {
      return true;
    }
    if (splitsPair(text, place)) {
      return false;
    }
    int next = text.codePointAt(place);
    boolean joins = isMark(next) || isModifier(next) || next == JOINER;
    boolean isJoined = text.charAt(place - 1) == JOINER;
    boolean endsLine = text.charAt(place - 1) == '\r' && next == '\n';
    return !joins && !isJoined && !endsLine;
  }

  static boolean isMark(int codePoint) {
    int type = Character.getType(codePoint);
    return type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK
        || type == Character.ENCLOSING_MARK;
  }

  /** The colours of a skin, which belong to the sign before them. */
  private static boolean isModifier(int codePoint) {
    return codePoint >= 0x1F3FB && codePoint <= 0x1F3FF;
  }

  private static boolean splitsPair(String text, int place) {
    return place > 0
        && place < text.length()
        && Character.isSurrogatePair(text.charAt(place - 1), text.charAt(place));
  }
}

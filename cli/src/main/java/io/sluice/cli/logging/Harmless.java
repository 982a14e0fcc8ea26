package io.sluice.cli.logging;

/** Text that can neither end a line, nor reorder it, nor speak to a terminal. */
final class Harmless {
  private Harmless() {}

  /** Every such character as {@code \\uXXXX}, and no more than so many characters of the text. */
  static String text(String text, int charsMax) {
    if (text == null) {
      return "null";
    }
    int length = Math.min(text.length(), charsMax);
    int at = 0;
    while (at < length && isHarmless(text.charAt(at))) {
      at++;
    }
    if (at == text.length()) {
      return text;
    }
    StringBuilder out = new StringBuilder(length + 16).append(text, 0, at);
    for (; at < length; at++) {
      char character = text.charAt(at);
      if (isHarmless(character)) {
        out.append(character);
      } else {
        out.append("\\u%04x".formatted((int) character));
      }
    }
    return length < text.length() ? out.append('…').toString() : out.toString();
  }

  private static boolean isHarmless(char character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}

package io.sluice.enginesim;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The text that the simulator generates: endless readable English which depends on the prompt and
 * the seed alone, so that a test can say what a prompt must give. One token is one word with the
 * space before it.
 */
public final class SimText {
  private static final String PREAMBLE = "(Simulated answer, no model ran.) You wrote about";
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}'-]+");
  private static final Pattern MARKER = Pattern.compile("\\[\\[sim:[^]]*]]");
  private static final int ECHOED_WORDS = 6;

  private static final List<String> SUBJECTS =
      List.of(
          "The queue",
          "A patient worker",
          "The old café",
          "Every message",
          "A naïve scheduler",
          "The river 川",
          "Somebody in 東京",
          "The second shift",
          "Their façade",
          "A quiet token");
  private static final List<String> VERBS =
      List.of(
          "carries", "remembers", "answers", "waits for", "counts", "forgets", "follows", "opens");
  private static final List<String> OBJECTS =
      List.of(
          "the next question",
          "a long list",
          "seven small promises",
          "the déjà vu of a retry",
          "a door — half open",
          "the whole story",
          "one good reason 🙂",
          "an honest number",
          "what was lost");
  private static final List<String> ENDINGS =
      List.of("by noon.", "without haste.", "every time.", "again.", "in the end.", "at no cost.");

  private final long seed;
  private final String prompt;

  private SimText(long seed, String prompt) {
    this.seed = seed;
    this.prompt = prompt;
  }

  /** The answer to a prompt: to the last user message of a chat, or the prompt of a generate. */
  public static SimText answer(String prompt, long seed) {
    return new SimText(seed ^ hash(prompt), prompt);
  }

  /** What the model would think before that answer. */
  static SimText thought(String prompt, long seed) {
    return new SimText(~(seed ^ hash(prompt)), prompt);
  }

  /** The first n tokens, joined. */
  public String first(int tokens) {
    return tokens().limit(tokens).collect(Collectors.joining());
  }

  /** How long the answer is by itself: 20 to 120 tokens. */
  public int naturalTokens() {
    return 20 + (int) Math.floorMod(seed, 101L);
  }

  /** The tokens, without end. */
  Stream<String> tokens() {
    Random random = new Random(seed);
    Stream<String> opening = words(PREAMBLE + echo());
    Stream<String> sentences =
        Stream.generate((Supplier<String>) () -> sentence(random)).flatMap(SimText::words);
    String[] first = {""};
    return Stream.concat(opening, sentences)
        .map(
            word -> {
              String token = first[0] + word;
              first[0] = " ";
              return token;
            });
  }

  /**
   * What comes after a beginning of the answer of so many tokens; the whole answer where it begins
   * in another way.
   */
  List<String> after(String begun, int tokens) {
    List<String> rest = new ArrayList<>();
    int skip = first(tokens).startsWith(begun) ? begun.length() : 0;
    for (String token : tokens().limit(tokens).toList()) {
      if (skip < token.length()) {
        rest.add(token.substring(skip));
      }
      skip = Math.max(0, skip - token.length());
    }
    return rest;
  }

  /** The number of tokens in a text: long words count for several. */
  public static int count(String text) {
    int tokens = 0;
    int inWord = 0;
    for (int i = 0; i < text.length(); i++) {
      boolean space = Character.isWhitespace(text.charAt(i));
      inWord = space ? 0 : inWord + 1;
      if (inWord % 8 == 1) {
        tokens++;
      }
    }
    return tokens;
  }

  /** A prompt without the markers of its faults. */
  public static String unmarked(String prompt) {
    return MARKER.matcher(prompt).replaceAll("");
  }

  /** A prompt said so many times, with a number after each; 0 is once, without. */
  public static String echoed(String prompt, int times) {
    return times == 0
        ? prompt
        : IntStream.range(0, times).mapToObj(i -> prompt + i).collect(Collectors.joining());
  }

  /** A text in pieces of so many characters of Unicode (0: one); the last may have fewer. */
  static List<String> pieces(String text, int characters) {
    List<String> pieces = new ArrayList<>();
    int step = Math.max(1, characters);
    for (int from = 0; from < text.length(); ) {
      int left = text.codePointCount(from, text.length());
      int to = text.offsetByCodePoints(from, Math.min(step, left));
      pieces.add(text.substring(from, to));
      from = to;
    }
    return pieces;
  }

  private String echo() {
    Matcher word = WORD.matcher(MARKER.matcher(prompt).replaceAll(" "));
    String words =
        word.results()
            .limit(ECHOED_WORDS)
            .map(found -> found.group())
            .collect(Collectors.joining(" "));
    return words.isEmpty() ? " nothing." : " “" + words + "”.";
  }

  private static String sentence(Random random) {
    return pick(SUBJECTS, random)
        + " "
        + pick(VERBS, random)
        + " "
        + pick(OBJECTS, random)
        + " "
        + pick(ENDINGS, random);
  }

  private static String pick(List<String> from, Random random) {
    return from.get(random.nextInt(from.size()));
  }

  private static Stream<String> words(String text) {
    return Stream.of(text.split(" "));
  }

  /** FNV-1a, which is the same on every machine and JDK. */
  static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }
}

package io.sluice.gateway.pipeline.split;

import io.sluice.TokenCounter;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a text into parts that never have more than their share of tokens. Each ends at the best
 * seam in the later half of what fits: before a heading, else between paragraphs, sentences, lines,
 * words, and at last anywhere but within a character. Together the parts are the whole text, but
 * for parts of nothing but white space, which are left out.
 *
 * <p>The cost is that of counting the text's tokens about twice.
 */
public final class Splitter {
  private final TokenCounter counter;
  private final String text;
  private final Size size;
  private final Measure measure;
  private final List<Part> parts = new ArrayList<>();

  private Splitter(TokenCounter counter, String text, Size size) {
    this.counter = counter;
    this.text = text;
    this.size = size;
    this.measure = new Measure(counter, text, size.tokens());
  }

  /**
   * How large parts are.
   *
   * @param tokens the most that one has, at least {@link #TOKENS_MIN}
   * @param overlap about so many tokens of a part are at the start of the next one again; at most a
   *     quarter of {@code tokens}
   */
  public record Size(int tokens, int overlap) {
    /** No character has more tokens than this. */
    public static final int TOKENS_MIN = 16;

    public Size {
      if (tokens < TOKENS_MIN || overlap < 0 || overlap > tokens / 4) {
        throw new IllegalArgumentException("no size of parts: " + tokens + ", " + overlap);
      }
    }
  }

  /** The parts in their order; none of a text without anything but white space. */
  public static List<Part> split(String text, TokenCounter counter, Size size) {
    return new Splitter(counter, text, size).split();
  }

  private List<Part> split() {
    int start = 0;
    int done = 0;
    while (done < text.length()) {
      int end = end(start, done);
      boolean tooMuch = end <= done && start < done;
      if (!tooMuch) {
        add(start, end);
        done = end;
      }
      // What comes again may leave no room for anything new: then nothing comes again.
      start = tooMuch || size.overlap() == 0 ? done : overlapStart(start, end);
    }
    return parts;
  }

  private void add(int start, int end) {
    String part = text.substring(start, end);
    if (!part.isBlank()) {
      parts.add(new Part(parts.size(), start, end, counter.count(part)));
    }
  }

  /**
   * Where the part ends that starts there.
   *
   * @param done what former parts have: it ends after that, if it can
   */
  private int end(int start, int done) {
    long before = measure.before(start);
    long share = size.tokens();
    while (true) {
      int end = seam(start, done, measure.furthest(before + share));
      int tokens = counter.count(text.substring(start, end));
      if (tokens <= size.tokens() || end <= start + 2) {
        return end;
      }
      // The measure was a token or two short, in a run without a place where none can span.
      share -= tokens - size.tokens();
    }
  }

  /** The best place for an end in the later half of what fits. */
  private int seam(int start, int done, int furthest) {
    if (furthest >= text.length()) {
      return text.length();
    }
    int last = Math.max(start + 1, furthest);
    int end = Joints.lastUpTo(text, last, Math.max(start, Math.min(done, last - 1)));
    Seam best = Seam.CHARACTERS;
    int first = Math.max(start + (last - start) / 2, done);
    for (int place = last; place > first && best != Seam.SECTIONS; place--) {
      Seam seam = Seam.at(text, place);
      if (seam.compareTo(best) > 0) {
        best = seam;
        end = place;
      }
    }
    return end;
  }

  /**
   * Where the part after one starts: so many tokens before its end, or at a sentence or a word soon
   * after that. At least half of the part is not read again, so that there is an end to it.
   */
  private int overlapStart(int start, int end) {
    int earliest =
        Math.max(
            start + (end - start + 1) / 2,
            measure.furthest(measure.before(end) - size.overlap()) + 1);
    int latest = earliest + (end - earliest) / 2;
    Seam best = Seam.CHARACTERS;
    int next = end;
    for (int place = earliest; place < latest && best.compareTo(Seam.SENTENCES) < 0; place++) {
      Seam seam = Seam.at(text, place);
      boolean better = next == end ? Joints.isOpen(text, place) : seam.compareTo(best) > 0;
      if (better) {
        best = seam;
        next = place;
      }
    }
    return next;
  }
}

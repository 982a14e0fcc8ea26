package io.sluice.gateway.responses;

import io.sluice.gateway.responses.Numbered.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one reader of a response is still to be shown: all its numbered events go by, and those that
 * the reader lacks are picked. After another attempt began, a reader that was shown a part of the
 * answer goes on without a break if the new answer begins with what it has; if not, it is broken
 * off, since its text and the new one do not belong together. A reader that was shown nothing yet
 * never learns of the attempts before.
 */
final class Reading {
  private final long after;
  private final long begins;
  private final long stale;
  private final List<Shown> shown = new ArrayList<>();
  private long last = -1;

  /** How far the newest attempt has come in what was shown: an entry, and characters of it. */
  private int at;

  private int chars;
  private long annulled;
  private boolean broken;

  private Reading(long after, long begins, long stale) {
    this.after = after;
    this.begins = begins;
    this.stale = stale;
  }

  /**
   * @param number of the last event that the reader has; -1 for none
   * @param voids the numbers of the voids that are in the log already: what is before the last of
   *     them is not shown any more
   */
  static Reading after(long number, List<Long> voids) {
    long begins = voids.stream().filter(it -> it < number).reduce(-1L, Math::max);
    return new Reading(number, begins, voids.stream().reduce(-1L, Math::max));
  }

  /** What is to be sent of an event. */
  Optional<Numbered> next(Numbered event) {
    long before = last;
    last = event.number();
    boolean had = event.number() <= after;
    if (broken) {
      return Optional.empty();
    }
    return switch (event.part()) {
      case Part.Opening opening -> Optional.of(event).filter(it -> !had);
      case Part.Void annulment -> {
        again(event.number(), before);
        yield Optional.empty();
      }
      case Part.Mark(String what) -> picked(event, Shown.mark(what));
      case Part.Piece(int output, String text) ->
          picked(event, new Shown(output, new StringBuilder(text)));
      case Part.Last end -> isLevel() ? Optional.of(event).filter(it -> !had) : broken();
    };
  }

  /** Whether what the reader has is void; then it is shown no more, and is to be told so. */
  boolean isBroken() {
    return broken;
  }

  /** The number under which it is told. */
  long annulled() {
    return annulled;
  }

  private void again(long number, long before) {
    annulled = number;
    at = 0;
    chars = 0;
    boolean gap = number > before + 1;
    if (gap && after > before && after <= number) {
      broken();
    }
  }

  private Optional<Numbered> picked(Numbered event, Shown what) {
    if (event.number() <= after) {
      if (event.number() > begins) {
        show(what);
      }
      return Optional.empty();
    }
    if (event.number() < stale) {
      return Optional.empty();
    }
    if (isLevel()) {
      show(what);
      return Optional.of(event);
    }
    return what.isText() && shown.get(at).isText() ? compared(event, what) : matched(what);
  }

  private boolean isLevel() {
    return at == shown.size();
  }

  private void show(Shown what) {
    if (what.isText() && !shown.isEmpty() && shown.getLast().output() == what.output()) {
      shown.getLast().text().append(what.text());
    } else {
      shown.add(what);
    }
    at = shown.size();
    chars = 0;
  }

  private Optional<Numbered> matched(Shown what) {
    if (!shown.get(at).says(what) || chars > 0) {
      return broken();
    }
    at++;
    return Optional.empty();
  }

  /** Sends what goes beyond the text that the reader has. */
  private Optional<Numbered> compared(Numbered event, Shown what) {
    StringBuilder old = shown.get(at).text();
    int alike = Math.min(old.length() - chars, what.text().length());
    if (shown.get(at).output() != what.output()
        || !old.substring(chars, chars + alike).contentEquals(what.text().substring(0, alike))) {
      return broken();
    }
    chars += alike;
    if (chars == old.length()) {
      at++;
      chars = 0;
    }
    String rest = what.text().substring(alike);
    if (rest.isEmpty()) {
      return Optional.empty();
    }
    if (!isLevel()) {
      return broken();
    }
    show(new Shown(what.output(), new StringBuilder(rest)));
    return Optional.of(event.with(rest));
  }

  private Optional<Numbered> broken() {
    broken = true;
    return Optional.empty();
  }

  /** A piece of text of an output, or a mark. */
  private record Shown(int output, StringBuilder text) {
    private static final int MARK = -1;

    private static Shown mark(String what) {
      return new Shown(MARK, new StringBuilder(what));
    }

    private boolean isText() {
      return output != MARK;
    }

    private boolean says(Shown other) {
      return output == other.output && text.compareTo(other.text) == 0;
    }
  }
}

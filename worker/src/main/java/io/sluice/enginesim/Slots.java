package io.sluice.enginesim;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The slots of a loaded model. A request waits for one without bound and without a byte, as in
 * Ollama. Each slot keeps in its cache what it last read and wrote; of the free ones a request gets
 * the one that has most of its beginning, if that is half of it, else the one that was used longest
 * ago. What a slot has to forget for that is kept aside, as llama-server does, up to a bound.
 */
final class Slots {
  /** 8,192 MiB at 160 KiB a token, of six characters each. */
  private static final int ASIDE_CHARS = 8_192 * 1024 / 160 * 6;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Free ones; the one that was used longest ago first. */
  private final List<Slot> free = new ArrayList<>();

  /** Texts that no slot holds any more; the one that was used longest ago first. */
  private final List<String> aside = new ArrayList<>();

  Slots(int count) {
    for (int i = 0; i < count; i++) {
      free.add(new Slot());
    }
  }

  /**
   * @param text all that the model is to read
   */
  Slot take(Exchange exchange, String text) throws ClientLeft {
    exchange.onLeave(this::wake);
    lock.lock();
    try {
      while (free.isEmpty() && !exchange.hasLeft()) {
        changed.awaitUninterruptibly();
      }
      if (exchange.hasLeft()) {
        changed.signal();
        throw new ClientLeft();
      }
      Slot best = best(text);
      free.remove(best);
      return best;
    } finally {
      lock.unlock();
    }
  }

  private Slot best(String text) {
    Slot best = free.getFirst();
    for (Slot each : free) {
      best = each.known(text) > best.known(text) ? each : best;
    }
    if (best.known(text) * 2 >= text.length()) {
      return best;
    }
    Slot oldest = free.getFirst();
    oldest.swap(text);
    return oldest;
  }

  private static int same(String text, String other) {
    int most = Math.min(text.length(), other.length());
    int same = 0;
    while (same < most && text.charAt(same) == other.charAt(same)) {
      same++;
    }
    return same;
  }

  private void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** One of them; used by whoever holds it. */
  final class Slot {
    private String cached = "";

    /** How many characters from the beginning of a text need not be read again. */
    int known(String text) {
      return same(text, cached);
    }

    /** Puts aside what it holds, and takes from there what has most of a text's beginning. */
    private void swap(String text) {
      aside.add(cached);
      cached = "";
      aside.stream()
          .max(Comparator.comparingInt(each -> same(text, each)))
          .filter(each -> same(text, each) * 2 >= text.length())
          .ifPresent(each -> cached = each);
      aside.remove(cached);
      while (aside.stream().mapToInt(String::length).sum() > ASIDE_CHARS) {
        aside.removeFirst();
      }
    }

    /** Has read and written this, the rest of what it kept is gone. */
    void keep(String text) {
      cached = text;
    }

    void giveBack() {
      lock.lock();
      try {
        free.add(this);
        changed.signal();
      } finally {
        lock.unlock();
      }
    }
  }
}

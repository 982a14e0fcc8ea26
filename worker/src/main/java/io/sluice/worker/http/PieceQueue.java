package io.sluice.worker.http;

import io.sluice.worker.Generation.Piece;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The pieces between the thread that reads the connection and the one that asks for them; bounded,
 * so that a slow reader slows the engine down. Once closed it holds nothing.
 */
final class PieceQueue {
  private static final int PIECES_MAX = 256;
  private static final int CHARS_MAX = 1024 * 1024;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Piece> pieces = new ArrayDeque<>();
  private int chars;
  private boolean closed;

  /** Waits for room; a piece for a closed queue is dropped. */
  void put(Piece piece) {
    lock.lock();
    try {
      while (!closed && isFull()) {
        changed.awaitUninterruptibly();
      }
      if (!closed) {
        pieces.add(piece);
        chars += chars(piece);
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** An interrupt does not shorten the wait: only {@link #close} does. */
  Piece take(Duration within) {
    boolean interrupted = false;
    lock.lock();
    try {
      long deadline = System.nanoTime() + within.toNanos();
      while (!closed && pieces.isEmpty()) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return new Piece.Silence();
        }
        interrupted |= !await(left);
      }
      return closed ? new Piece.Closed() : remove();
    } finally {
      lock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      pieces.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * @return false if it was interrupted
   */
  private boolean await(long nanos) {
    try {
      changed.awaitNanos(nanos);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  private Piece remove() {
    Piece piece = pieces.remove();
    chars -= chars(piece);
    changed.signalAll();
    return piece;
  }

  private boolean isFull() {
    return pieces.size() >= PIECES_MAX || chars >= CHARS_MAX;
  }

  private static int chars(Piece piece) {
    return switch (piece) {
      case Piece.Text(String text, Optional<String> logprobs) -> chars(text, logprobs);
      case Piece.Thinking(String text, Optional<String> logprobs) -> chars(text, logprobs);
      case Piece.ToolCall call -> call.json().length();
      case Piece.Vectors vectors -> 0;
      case Piece.Done done -> 0;
      case Piece.Failed failed -> 0;
      case Piece.Silence silence -> 0;
      case Piece.Closed ended -> 0;
    };
  }

  private static int chars(String text, Optional<String> logprobs) {
    return text.length() + logprobs.map(String::length).orElse(0);
  }
}

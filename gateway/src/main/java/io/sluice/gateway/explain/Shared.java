package io.sluice.gateway.explain;

import io.sluice.Cached;
import io.sluice.JobId;
import java.util.Optional;

/** In words, what a job has to do with identical ones. */
final class Shared {
  private Shared() {}

  /** For whom it waits. */
  static String text(Optional<JobId> source) {
    return source.map(id -> "Job " + id).orElse("A job of another tenant") + " runs for it, too.";
  }

  /** Whose answer it got. */
  static String text(Cached cached) {
    String whose = cached.source().map(id -> "job " + id).orElse("a job of another tenant");
    return switch (cached.how()) {
      case HIT -> "The answer of " + whose + " was known when it came.";
      case JOINED -> "It got the answer of " + whose + ", which ran for it, too.";
    };
  }
}

package io.sluice.worker;

import io.sluice.FailureCode;
import io.sluice.Job;
import io.sluice.JobClass;
import io.sluice.JobId;
import io.sluice.JobKind;
import io.sluice.Pool;
import io.sluice.RetryPolicy;
import io.sluice.codec.Json;
import io.sluice.worker.Generation.Piece;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** All pieces of one generation, and jobs to ask for one. */
public record Answers(List<Piece> pieces) {
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  /** Reads a generation to its end and closes it. */
  public static Answers of(Generation generation) {
    List<Piece> pieces = new ArrayList<>();
    try (generation) {
      Instant until = Instant.now().plus(DEADLINE);
      while (Instant.now().isBefore(until)) {
        Piece piece = generation.next(Duration.ofSeconds(1));
        if (!(piece instanceof Piece.Silence)) {
          pieces.add(piece);
        }
        if (piece instanceof Piece.Done
            || piece instanceof Piece.Failed
            || piece instanceof Piece.Closed) {
          return new Answers(pieces);
        }
      }
    }
    throw new AssertionError("no end within " + DEADLINE + ": " + pieces.size() + " pieces");
  }

  public static Job chat(String prompt) {
    var request = Json.object();
    request.putArray("messages").addObject().put("role", "user").put("content", prompt);
    return job(JobKind.CHAT, Json.write(request), 512);
  }

  public static Job job(JobKind kind, String request, int maxOutputTokens) {
    return job(ModelServerContract.POOL, kind, request, maxOutputTokens);
  }

  public static Job job(Pool pool, JobKind kind, String request, int maxOutputTokens) {
    Instant now = Instant.now();
    return new Job(
        JobId.at(now),
        "default",
        "key1",
        Optional.empty(),
        kind,
        pool,
        JobClass.INTERACTIVE,
        request,
        7,
        maxOutputTokens,
        now,
        now.plusSeconds(600),
        now.plusSeconds(1200),
        Duration.ofSeconds(120),
        RetryPolicy.DEFAULT,
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  public Piece last() {
    return pieces.getLast();
  }

  public String text() {
    return pieces.stream()
        .map(piece -> piece instanceof Piece.Text text ? text.text() : "")
        .collect(Collectors.joining());
  }

  public String thinking() {
    return pieces.stream()
        .map(piece -> piece instanceof Piece.Thinking thinking ? thinking.text() : "")
        .collect(Collectors.joining());
  }

  /** The code of the failure at its end. */
  public FailureCode failure() {
    if (last() instanceof Piece.Failed failed) {
      return failed.why().code();
    }
    throw new AssertionError("it did not fail but ended with " + last().getClass());
  }
}

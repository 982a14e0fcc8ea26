package io.sluice.worker;

import io.sluice.Failure;
import io.sluice.FailureCode;
import io.sluice.Job;
import io.sluice.JobClass;
import io.sluice.JobId;
import io.sluice.JobKind;
import io.sluice.Pool;
import io.sluice.RetryPolicy;
import io.sluice.worker.Generation.Piece;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures a model server with a number of short generations at a time: the same requests that jobs
 * make, each with another prompt, so that none finds another's in the server's cache. The caller
 * has the slots for them.
 */
final class SpeedTest {
  /** Of each generation, unless the model ends it before. */
  static final int TOKENS = 64;

  private static final Logger LOG = LoggerFactory.getLogger(SpeedTest.class);
  private static final Duration LOOK_UP = Duration.ofMillis(100);

  private final ModelServer server;
  private final Pool pool;
  private final LongSupplier nanoClock;
  private final BooleanSupplier goOn;

  /**
   * @param nanoClock the time that is measured by, as {@link System#nanoTime}
   * @param goOn asked again and again whether to go on
   */
  SpeedTest(ModelServer server, Pool pool, LongSupplier nanoClock, BooleanSupplier goOn) {
    this.server = server;
    this.pool = pool;
    this.nanoClock = nanoClock;
    this.goOn = goOn;
  }

  /** What one measurement came to. */
  sealed interface Reading {
    /** Of all generations together. */
    record Speed(double tokensPerSecond) implements Reading {}

    /** One of them failed, or none said anything. */
    record Failed(Failure why) implements Reading {}
  }

  /**
   * Lets so many generations run at the same time, to their end or until their time is over, and
   * returns when the server let go of all of them. What came within the time counts.
   */
  Reading measure(int requests, Duration within) {
    long began = nanoClock.getAsLong();
    List<Stream> streams = new ArrayList<>();
    try {
      for (int i = 0; i < requests; i++) {
        streams.add(new Stream(began + within.toNanos(), requests + "." + i));
      }
      streams.stream()
          .map(each -> CompletableFuture.runAsync(each::read, this::onItsOwn))
          .toList()
          .forEach(CompletableFuture::join);
      return judge(streams, began);
    } catch (RuntimeException e) {
      LOG.error("measuring {} broke the model server's adapter", pool, e);
      streams.forEach(each -> each.generation.close());
      return new Reading.Failed(
          new Failure(FailureCode.ENGINE_ERROR, "the adapter of the model server broke"));
    }
  }

  private void onItsOwn(Runnable reading) {
    Thread.ofVirtual().name("calibration " + pool).start(reading);
  }

  private static Reading judge(List<Stream> streams, long began) {
    Optional<Failure> failed = streams.stream().flatMap(each -> each.failed.stream()).findFirst();
    if (failed.isPresent()) {
      return new Reading.Failed(failed.get());
    }
    Arrivals arrivals = new Arrivals(streams.stream().map(each -> each.tokens).toList());
    return arrivals
        .perSecond(began)
        .<Reading>map(Reading.Speed::new)
        .orElseGet(
            () ->
                new Reading.Failed(
                    new Failure(FailureCode.FIRST_TOKEN_TIMEOUT, "hardly a token came")));
  }

  /** One generation, read by its own thread. */
  private final class Stream {
    private final long deadline;
    private final Generation generation;
    private final List<Long> tokens = new ArrayList<>();
    private Optional<Failure> failed = Optional.empty();

    private Stream(long deadline, String name) {
      this.deadline = deadline;
      this.generation = server.start(job(name));
    }

    private void read() {
      try (generation) {
        long left = left();
        while (left > 0 && heard(generation.next(shorter(left)))) {
          left = left();
        }
      }
    }

    private long left() {
      return goOn.getAsBoolean() ? deadline - nanoClock.getAsLong() : 0;
    }

    /** Whether more is to come. */
    private boolean heard(Piece piece) {
      return switch (piece) {
        case Piece.Text text -> tokens.add(nanoClock.getAsLong());
        case Piece.Thinking thinking -> tokens.add(nanoClock.getAsLong());
        case Piece.ToolCall call -> tokens.add(nanoClock.getAsLong());
        case Piece.Vectors vectors -> true;
        case Piece.Silence silence -> true;
        case Piece.Done done -> false;
        case Piece.Closed closed -> false;
        case Piece.Failed(Failure why) -> {
          failed = Optional.of(why);
          yield false;
        }
      };
    }
  }

  private static Duration shorter(long nanos) {
    return nanos < LOOK_UP.toNanos() ? Duration.ofNanos(nanos) : LOOK_UP;
  }

  private Job job(String name) {
    Instant now = Instant.now();
    String prompt = name + ". Write a very long story about this number.";
    return new Job(
        JobId.at(now),
        "sluice",
        "calibration",
        Optional.empty(),
        JobKind.GENERATE,
        pool,
        JobClass.INTERACTIVE,
        "{\"prompt\":\"" + prompt + "\"}",
        prompt.length(),
        TOKENS,
        now,
        now.plus(Duration.ofHours(1)),
        now.plus(Duration.ofHours(1)),
        Duration.ofHours(1),
        RetryPolicy.DEFAULT,
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}

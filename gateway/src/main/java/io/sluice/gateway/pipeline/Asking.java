package io.sluice.gateway.pipeline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.Ending;
import io.sluice.Failure;
import io.sluice.JobRecord;
import io.sluice.Usage;
import io.sluice.codec.Json;
import io.sluice.codec.Sha256;
import io.sluice.gateway.bulk.JobGroup;
import io.sluice.gateway.bulk.JobGroup.Ask;
import io.sluice.gateway.bulk.JobGroup.Result;
import io.sluice.gateway.bulk.Watch;
import io.sluice.gateway.pipeline.task.Answer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * Asks models for the parts of one document, or for one reduction, and counts what that costs. Each
 * question has a name that says which part it is of and what is asked, so that whoever asks it
 * again gets the same job. Blocks; for virtual threads.
 */
final class Asking {
  /** Of one document at a time, so that documents beside it go on. */
  private static final int AT_ONCE_MAX = 32;

  private static final int DIGEST_CHARS = 16;

  private final JobGroup group;
  private final Watch watch;
  private final Progress progress;
  private final AtomicLong promptTokens = new AtomicLong();
  private final AtomicLong completionTokens = new AtomicLong();

  Asking(JobGroup group, Watch watch, Progress progress) {
    this.group = group;
    this.watch = watch;
    this.progress = progress;
  }

  /** What came of a question: a closed choice. */
  sealed interface Told {
    /** The id of the job that it was, if it was one. */
    Optional<String> job();

    record Answered(Answer answer, Optional<String> job) implements Told {}

    record Failed(Fault why, Optional<String> job) implements Told {}

    /** The pipeline ended before. */
    record Stopped(Fault why, Optional<String> job) implements Told {}
  }

  /** Makes an answer of a model's text. */
  interface Reading {
    Answer read(String text, boolean isCut);
  }

  /** What all questions took. */
  ObjectNode usage() {
    return Json.object()
        .put("prompt_tokens", promptTokens.get())
        .put("completion_tokens", completionTokens.get());
  }

  /** The same of the parts of a document, which count. */
  List<Told> parts(int count, IntFunction<Question> questions) throws InterruptedException {
    progress.split(count);
    return all(count, questions, progress::told);
  }

  /** Asks one after the other for each number, several at a time, and gives what came in order. */
  List<Told> all(int count, IntFunction<Question> questions) throws InterruptedException {
    return all(count, questions, told -> {});
  }

  private List<Told> all(int count, IntFunction<Question> questions, Consumer<Told> each)
      throws InterruptedException {
    Told[] told = new Told[count];
    AtomicInteger next = new AtomicInteger();
    Callable<Void> asker =
        () -> {
          for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
            told[i] = ask(questions.apply(i));
            each.accept(told[i]);
          }
          return null;
        };
    List<Callable<Void>> askers = new ArrayList<>();
    for (int i = 0; i < Math.min(count, AT_ONCE_MAX); i++) {
      askers.add(asker);
    }
    together(askers);
    return List.of(told);
  }

  /** Runs all, and lets go of those under way when this thread is to let go. */
  static void together(List<Callable<Void>> work) throws InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Void> done : threads.invokeAll(work)) {
        done.get();
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException why -> throw why;
        case InterruptedException letGo -> throw letGo;
        case Throwable bug -> throw new IllegalStateException(bug);
      }
    }
  }

  /**
   * @param name of the part, without what is asked
   * @param body as a job has it
   */
  record Question(String name, ObjectNode body, Reading reading) {}

  Told ask(Question question) throws InterruptedException {
    if (!watch.mayGoOn()) {
      return new Told.Stopped(stopped(), Optional.empty());
    }
    String body = Json.write(question.body());
    String digest = Sha256.hex(body.getBytes(StandardCharsets.UTF_8)).substring(0, DIGEST_CHARS);
    Ask ask =
        new Ask(question.name() + "." + digest, question.body(), Optional.empty(), body.length());
    return switch (group.run(ask)) {
      case Result.Ended(JobRecord record) -> ended(question, record);
      case Result.Refused(var problem) ->
          new Told.Failed(new Fault(problem.code().wireName(), problem.detail()), Optional.empty());
      case Result.TooLate late -> new Told.Stopped(Fault.of(Watch.Stop.EXPIRED), Optional.empty());
      case Result.Cancelled cancelled -> new Told.Stopped(stopped(), Optional.empty());
    };
  }

  private Fault stopped() {
    return Fault.of(watch.stop().orElse(Watch.Stop.CANCELLED));
  }

  private Told ended(Question question, JobRecord record) {
    Optional<String> job = Optional.of(record.id().value());
    Ending ending = record.ending().orElseThrow();
    Usage usage = ending.usage();
    promptTokens.addAndGet(usage.promptTokens());
    completionTokens.addAndGet(usage.completionTokens());
    progress.used(usage);
    return switch (ending) {
      case Ending.Completed done ->
          new Told.Answered(question.reading().read(done.output().text(), false), job);
      case Ending.Incomplete cut ->
          new Told.Answered(question.reading().read(cut.output().text(), true), job);
      case Ending.Failed failed -> new Told.Failed(fault(failed.why()), job);
      case Ending.Cancelled cancelled when watch.stop().isPresent() ->
          new Told.Stopped(stopped(), job);
      case Ending.Cancelled cancelled ->
          new Told.Failed(
              cancelled
                  .why()
                  .map(Asking::fault)
                  .orElseGet(() -> new Fault("job_cancelled", "Its job was cancelled.")),
              job);
      case Ending.Expired expired -> new Told.Stopped(Fault.of(Watch.Stop.EXPIRED), job);
    };
  }

  private static Fault fault(Failure failure) {
    return new Fault(failure.code().wireName(), failure.message());
  }
}

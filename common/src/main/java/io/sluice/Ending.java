package io.sluice;

import java.util.Optional;

/** How a job ends: a closed choice. */
public sealed interface Ending {
  /** What was generated until then. */
  Output output();

  Usage usage();

  JobState state();

  /** Why, where the job failed or was set aside. */
  default Optional<Failure> failure() {
    return Optional.empty();
  }

  /** The engine said {@code done}. */
  record Completed(Output output, Usage usage) implements Ending {
    @Override
    public JobState state() {
      return JobState.COMPLETED;
    }
  }

  /** The engine stopped at the output limit. */
  record Incomplete(Output output, Usage usage) implements Ending {
    /** The only reason there is: {@code length}. */
    public static final String REASON = "length";

    @Override
    public JobState state() {
      return JobState.INCOMPLETE;
    }
  }

  record Failed(Failure why, Output output, Usage usage) implements Ending {
    @Override
    public JobState state() {
      return JobState.FAILED;
    }

    @Override
    public Optional<Failure> failure() {
      return Optional.of(why);
    }
  }

  /** On request, or because another job took its place (then {@code why} says so). */
  record Cancelled(Optional<Failure> why, Output output, Usage usage) implements Ending {
    @Override
    public JobState state() {
      return JobState.CANCELLED;
    }

    @Override
    public Optional<Failure> failure() {
      return why;
    }
  }

  record Expired() implements Ending {
    @Override
    public Output output() {
      return Output.NONE;
    }

    @Override
    public Usage usage() {
      return Usage.NONE;
    }

    @Override
    public JobState state() {
      return JobState.EXPIRED;
    }
  }
}
